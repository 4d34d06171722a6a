import { copyJson, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { column, columns, wide } from '../columns.ts'
import { describeAge } from '../duration.ts'
import type { Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { child, fill } from '../types/fill.ts'
import { podReady, podRestarts, podStatus } from './pod-cells.ts'

const core = { group: '', version: 'v1' } as const

function gates(pod: KubeObject): string {
  const wanted = listAt(pod, 'spec', 'readinessGates').map(gate => textAt(gate, 'conditionType'))
  const met = listAt(pod, 'status', 'conditions').filter(
    condition => wanted.includes(textAt(condition, 'type')) && textAt(condition, 'status') === 'True',
  )
  return wanted.length > 0 ? `${met.length}/${wanted.length}` : '<none>'
}

export const podKind: Kind = {
  ...core,
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  status: true,
  generation: true,
  selectable: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  returnsDeleted: true,
  columns: columns(
    [column('Ready', podReady), column('Status', podStatus), column('Restarts', podRestarts)],
    [
      wide('IP', pod => textAt(pod, 'status', 'podIP') || '<none>'),
      wide('Node', pod => textAt(pod, 'spec', 'nodeName') || '<none>'),
      wide('Nominated Node', pod => textAt(pod, 'status', 'nominatedNodeName') || '<none>'),
      wide('Readiness Gates', gates),
    ],
  ),
  prepare(pod, previous) {
    const spec = child(pod, 'spec')
    fill(spec, { serviceAccountName: 'default', serviceAccount: 'default' })
    if (!previous) pod.status = { phase: 'Pending', qosClass: 'BestEffort' }
  },
}

function nodeStatus(node: KubeObject): string {
  const ready = listAt(node, 'status', 'conditions').find(each => textAt(each, 'type') === 'Ready')
  const word =
    { True: 'Ready', False: 'NotReady' }[textAt(ready, 'status')] ?? (ready ? 'NotReady' : 'Unknown')
  return valueAt(node, 'spec', 'unschedulable') === true ? `${word},SchedulingDisabled` : word
}

function nodeRoles({ metadata }: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/'
  const roles = Object.keys(metadata.labels ?? {}).filter(
    label => label.startsWith(prefix) && label !== prefix,
  )
  return (
    roles
      .map(label => label.slice(prefix.length))
      .sort()
      .join(',') || '<none>'
  )
}

function nodeAddress(type: string) {
  return (node: KubeObject) => {
    const address = listAt(node, 'status', 'addresses').find(each => textAt(each, 'type') === type)
    return textAt(address, 'address') || '<none>'
  }
}

function nodeInfo(field: string) {
  return (node: KubeObject) => textAt(node, 'status', 'nodeInfo', field) || '<unknown>'
}

export const nodeKind: Kind = {
  ...core,
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  namespaced: false,
  status: true,
  selectable: ['spec.unschedulable'],
  columns: columns(
    [
      column('Status', nodeStatus),
      column('Roles', nodeRoles),
      column('Age', ({ metadata }, now) => describeAge(metadata.creationTimestamp ?? '', now)),
      column('Version', node => textAt(node, 'status', 'nodeInfo', 'kubeletVersion')),
    ],
    [
      wide('Internal-IP', nodeAddress('InternalIP')),
      wide('External-IP', nodeAddress('ExternalIP')),
      wide('OS-Image', nodeInfo('osImage')),
      wide('Kernel-Version', nodeInfo('kernelVersion')),
      wide('Container-Runtime', nodeInfo('containerRuntimeVersion')),
    ],
    { age: false },
  ),
}

export const namespaceKind: Kind = {
  ...core,
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  namespaced: false,
  status: true,
  nameRule: 'label',
  selectable: ['status.phase'],
  columns: columns([column('Status', namespace => textAt(namespace, 'status', 'phase'))]),
  prepare(namespace, previous) {
    const { metadata } = namespace
    metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name }
    namespace.spec = previous ? copyJson(previous.spec) : { finalizers: ['kubernetes'] }
    if (!previous) namespace.status = { phase: 'Active' }
  },
}
