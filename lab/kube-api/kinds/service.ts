import { type Fields, fieldsAt, isFields, listAt, numberAt, textAt, valueAt } from '@meridian/lab-world/json'
import { column, columns, wide } from '../columns.ts'
import type { Kind, Surroundings } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { type FieldProblem, invalidValue, refuse } from '../status-error.ts'
import { child, fill } from '../types/fill.ts'
import { describeLabels } from './workload-cells.ts'

// kops gives its clusters the services network 100.64.0.0/13; the first address is that of the API itself.
const firstAddress = ((100 << 24) | (64 << 16)) >>> 0
const addresses = 2 ** 16
const firstNodePort = 30_000
const lastNodePort = 32_767

export const serviceKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  status: true,
  nameRule: 'label-1035',
  selectable: ['spec.clusterIP', 'spec.type'],
  returnsDeleted: true,
  columns: columns(
    [
      column('Type', object => textAt(object, 'spec', 'type')),
      column('Cluster-IP', object => textAt(object, 'spec', 'clusterIP') || '<none>'),
      column('External-IP', describeExternal),
      column('Port(s)', describePorts),
    ],
    [wide('Selector', object => describeLabels(fieldsAt(object, 'spec', 'selector')))],
  ),
  prepare(object, previous, store) {
    const spec = child(object, 'spec')
    const before = fieldsAt(previous, 'spec')
    dropUnneeded(spec, before)
    refuse(serviceKind, object.metadata.name, allocate(object, spec, before, store))
    // A load balancer that the service no longer wants is not part of its status either.
    if (!object.status || spec.type !== 'LoadBalancer') object.status = { loadBalancer: {} }
  },
}

const isBalancer = ({ type }: Fields) => type === 'LoadBalancer'
const isReached = (spec: Fields) =>
  spec.type === 'NodePort' || isBalancer(spec) || listAt(spec, 'externalIPs').length > 0
/** What a Service has only as long as it is of a type that needs it. */
const needs: Readonly<Record<string, (spec: Fields) => boolean>> = {
  healthCheckNodePort: spec => isBalancer(spec) && spec.externalTrafficPolicy === 'Local',
  externalTrafficPolicy: isReached,
  allocateLoadBalancerNodePorts: isBalancer,
  loadBalancerClass: isBalancer,
}

/** Takes away what the type before needed and the new one does not, so that whoever changes the type need not do it. */
function dropUnneeded(spec: Fields, before: Fields): void {
  for (const [field, isNeeded] of Object.entries(needs)) {
    if (isNeeded(before) && !isNeeded(spec) && spec[field] === before[field]) delete spec[field]
  }
}

/** Gives the service its cluster IP and node ports, keeping those it had. */
function allocate(object: KubeObject, spec: Fields, before: Fields, store: Surroundings): FieldProblem[] {
  const others = store.list('services').filter(({ metadata }) => metadata.uid !== object.metadata.uid)
  if (spec.type === 'ExternalName') {
    delete spec.clusterIP
    delete spec.clusterIPs
    return []
  }
  fill(spec, { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' })
  spec.clusterIP ||= before.clusterIP || freeAddress(object, others)
  spec.clusterIPs = [spec.clusterIP]
  const taken = new Set(others.flatMap(nodePortsOf))
  return [...allocateNodePorts(spec, before, taken), ...allocateCheckPort(spec, before, taken)]
}

function nodePortsOf({ spec }: KubeObject): number[] {
  const ports = listAt(spec, 'ports').map(port => numberAt(port, 'nodePort'))
  return [...ports, numberAt(spec, 'healthCheckNodePort')]
}

/** A load balancer asks nodes whether they have pods of a Service whose traffic stays on its node. */
function allocateCheckPort(spec: Fields, before: Fields, taken: Set<number>): FieldProblem[] {
  if (!needs.healthCheckNodePort?.(spec)) return []
  spec.healthCheckNodePort ||= before.healthCheckNodePort || freeNodePort(taken)
  return claimNodePort(numberAt(spec, 'healthCheckNodePort'), 'spec.healthCheckNodePort', taken)
}

function claimNodePort(number: number, at: string, taken: Set<number>): FieldProblem[] {
  const isTaken = taken.has(number)
  taken.add(number)
  if (number < firstNodePort || number > lastNodePort) {
    const range = `The range of valid ports is ${firstNodePort}-${lastNodePort}`
    return [invalidValue(at, number, `provided port is not in the valid range. ${range}`)]
  }
  return isTaken ? [invalidValue(at, number, 'provided port is already allocated')] : []
}

function freeAddress({ metadata }: KubeObject, others: readonly KubeObject[]): string {
  if (metadata.name === 'kubernetes' && metadata.namespace === 'default') return formatAddress(1)
  const taken = new Set(others.map(other => textAt(other, 'spec', 'clusterIP')))
  for (;;) {
    const address = formatAddress(2 + Math.floor(Math.random() * (addresses - 3)))
    if (!taken.has(address)) return address
  }
}

function formatAddress(offset: number): string {
  const address = firstAddress + offset
  return [24, 16, 8, 0].map(bits => (address >>> bits) & 255).join('.')
}

function allocateNodePorts(spec: Fields, before: Fields, taken: Set<number>): FieldProblem[] {
  const ports = listAt(spec, 'ports').filter(isFields)
  const wanted =
    spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)
  if (!wanted) {
    if (before.type !== undefined && before.type !== spec.type) for (const port of ports) delete port.nodePort
    return []
  }
  return ports.flatMap((port, index) => {
    port.nodePort ||= keptNodePort(port, before) || freeNodePort(taken)
    return claimNodePort(numberAt(port, 'nodePort'), `spec.ports[${index}].nodePort`, taken)
  })
}

function keptNodePort(port: Fields, before: Fields): unknown {
  const same = listAt(before, 'ports').find(
    each => valueAt(each, 'port') === port.port && valueAt(each, 'protocol') === port.protocol,
  )
  return valueAt(same, 'nodePort')
}

function freeNodePort(taken: ReadonlySet<number>): number {
  for (;;) {
    const port = firstNodePort + Math.floor(Math.random() * (lastNodePort - firstNodePort + 1))
    if (!taken.has(port)) return port
  }
}

function describeExternal(service: KubeObject): string {
  const type = textAt(service, 'spec', 'type')
  const given = listAt(service, 'spec', 'externalIPs').map(String)
  if (type === 'ExternalName') return textAt(service, 'spec', 'externalName')
  if (type !== 'LoadBalancer') return given.join(',') || '<none>'
  const ingress = listAt(service, 'status', 'loadBalancer', 'ingress')
  const names = ingress.map(entry => textAt(entry, 'ip') || textAt(entry, 'hostname')).filter(Boolean)
  return [...names, ...given].join(',') || '<pending>'
}

function describePorts(service: KubeObject): string {
  const ports = listAt(service, 'spec', 'ports').map(port => {
    const nodePort = numberAt(port, 'nodePort')
    return `${numberAt(port, 'port')}${nodePort ? `:${nodePort}` : ''}/${textAt(port, 'protocol')}`
  })
  return ports.join(',') || '<none>'
}
