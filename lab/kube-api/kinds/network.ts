import { fieldsAt, listAt, numberAt, textAt } from '@meridian/lab-world/json'
import { column, columns } from '../columns.ts'
import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { describeSelector } from './workload-cells.ts'

function shorten(parts: readonly string[], most: number): string {
  const more = parts.length - most
  return more > 0 ? `${parts.slice(0, most).join(',')} + ${more} more...` : parts.join(',')
}

function endpointsOf(object: KubeObject): string {
  const addresses = listAt(object, 'subsets').flatMap(subset =>
    listAt(subset, 'addresses').flatMap(address =>
      listAt(subset, 'ports').map(port => `${textAt(address, 'ip')}:${numberAt(port, 'port')}`),
    ),
  )
  return shorten(addresses, 3) || '<none>'
}

export const endpointsKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  columns: columns([column('Endpoints', endpointsOf)]),
}

export const endpointSliceKind: Kind = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  singular: 'endpointslice',
  namespaced: true,
  columns: columns([
    column('AddressType', object => textAt(object, 'addressType')),
    column(
      'Ports',
      object =>
        shorten(
          listAt(object, 'ports').map(port => textAt(port, 'port')),
          3,
        ) || '<unset>',
    ),
    column('Endpoints', object => {
      const addresses = listAt(object, 'endpoints').flatMap(each => listAt(each, 'addresses').map(String))
      return shorten(addresses, 3) || '<unset>'
    }),
  ]),
}

function ingressHosts(object: KubeObject): string {
  const hosts = listAt(object, 'spec', 'rules').flatMap(rule => textAt(rule, 'host') || [])
  return shorten(hosts, 3) || '*'
}

function ingressAddresses(object: KubeObject): string {
  const entries = listAt(object, 'status', 'loadBalancer', 'ingress')
  return entries.map(entry => textAt(entry, 'ip') || textAt(entry, 'hostname')).join(',')
}

export const ingressKind: Kind = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  singular: 'ingress',
  shortNames: ['ing'],
  namespaced: true,
  status: true,
  generation: true,
  columns: columns([
    column('Class', object => textAt(object, 'spec', 'ingressClassName') || '<none>'),
    column('Hosts', ingressHosts),
    column('Address', ingressAddresses),
    column('Ports', object => (listAt(object, 'spec', 'tls').length > 0 ? '80, 443' : '80')),
  ]),
}

export const networkPolicyKind: Kind = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  singular: 'networkpolicy',
  shortNames: ['netpol'],
  namespaced: true,
  generation: true,
  columns: columns([
    column('Pod-Selector', object => describeSelector(fieldsAt(object, 'spec', 'podSelector'))),
  ]),
}
