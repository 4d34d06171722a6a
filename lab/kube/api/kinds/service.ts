import { column, columns, wide } from '../columns.ts'
import type { Kind } from '../kind.ts'
import {
  type Fields,
  fieldsAt,
  isFields,
  type KubeObject,
  listAt,
  numberAt,
  textAt,
  valueAt,
} from '../objects.ts'
import { type FieldProblem, invalid, invalidValue, requiredValue } from '../status-error.ts'
import type { Store } from '../store.ts'
import { child, fill } from './defaults.ts'
import { describeLabels } from './workload-cells.ts'

// kops gives its clusters the services network 100.64.0.0/13; the first address is that of the API itself.
const firstAddress = ((100 << 24) | (64 << 16)) >>> 0
const addresses = 2 ** 16
const firstNodePort = 30_000
const lastNodePort = 32_767

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']

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
    fillService(spec)
    const before = fieldsAt(previous, 'spec')
    const problems = serviceProblems(spec, before)
    if (problems.length === 0) problems.push(...allocate(object, spec, before, store))
    if (problems.length > 0) throw invalid(serviceKind, object.metadata.name, problems)
    // A load balancer that the service no longer wants is not part of its status either.
    if (!object.status || spec.type !== 'LoadBalancer') object.status = { loadBalancer: {} }
  },
}

function fillService(spec: Fields): void {
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' })
  for (const port of listAt(spec, 'ports')) {
    if (isFields(port)) fill(port, { protocol: 'TCP', targetPort: port.port })
  }
  if (spec.type === 'ExternalName') return
  fill(spec, { internalTrafficPolicy: 'Cluster', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' })
  if (spec.type === 'NodePort' || spec.type === 'LoadBalancer')
    fill(spec, { externalTrafficPolicy: 'Cluster' })
  else delete spec.externalTrafficPolicy
  if (spec.type === 'LoadBalancer') fill(spec, { allocateLoadBalancerNodePorts: true })
  else delete spec.allocateLoadBalancerNodePorts
}

function serviceProblems(spec: Fields, before: Fields): FieldProblem[] {
  const type = textAt(spec, 'type')
  if (!types.includes(type)) {
    const supported = types.map(name => JSON.stringify(name)).join(', ')
    const message = `Unsupported value: ${JSON.stringify(type)}: supported values: ${supported}`
    return [{ field: 'spec.type', reason: 'FieldValueNotSupported', message }]
  }
  if (type === 'ExternalName') return textAt(spec, 'externalName') ? [] : [requiredValue('spec.externalName')]
  const ports = listAt(spec, 'ports')
  const headless = spec.clusterIP === 'None'
  if (ports.length === 0 && !headless) return [requiredValue('spec.ports')]
  const immutable =
    before.clusterIP &&
    before.type !== 'ExternalName' &&
    spec.clusterIP &&
    spec.clusterIP !== before.clusterIP
  return [
    ...(immutable ? [invalidValue('spec.clusterIPs[0]', [spec.clusterIP], 'may not change once set')] : []),
    ...ports.flatMap((port, index) => portProblems(port, index, ports.length)),
  ]
}

function portProblems(port: unknown, index: number, count: number): FieldProblem[] {
  const number = numberAt(port, 'port')
  const at = `spec.ports[${index}]`
  return [
    ...(count > 1 && !textAt(port, 'name') ? [requiredValue(`${at}.name`)] : []),
    ...(number < 1 || number > 65_535
      ? [invalidValue(`${at}.port`, number, 'must be between 1 and 65535, inclusive')]
      : []),
  ]
}

/** Gives the service its cluster IP and node ports, keeping those it had. */
function allocate(object: KubeObject, spec: Fields, before: Fields, store: Store): FieldProblem[] {
  const others = store.list('services').filter(({ metadata }) => metadata.uid !== object.metadata.uid)
  if (spec.type === 'ExternalName') {
    delete spec.clusterIP
    delete spec.clusterIPs
    return []
  }
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
  if (spec.type !== 'LoadBalancer' || spec.externalTrafficPolicy !== 'Local') {
    delete spec.healthCheckNodePort
    return []
  }
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
