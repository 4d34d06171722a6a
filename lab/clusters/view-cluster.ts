import type { KubeObject } from '@meridian/lab-kube-api'
import type { ClusterSpec, ClusterView } from '@meridian/lab-world'
import { isReady, machinesOf, type Role } from './nodes.ts'

type Pending = ClusterView['pending'][number]
export type Progress = {
  version?: string | undefined
  resolves: boolean
  serving: boolean
  nodes: readonly KubeObject[]
  pods: readonly KubeObject[]
}

/** What a validation by kops finds: machines that have not joined, nodes and critical pods that are not ready. */
export function viewCluster(
  spec: ClusterSpec,
  { resolves, serving, version, nodes, pods }: Progress,
): ClusterView {
  const found = machinesOf(spec).map(({ machine, role }) => {
    const node = nodes.find(each => each.metadata.name === machine.name)
    return { machine, role, status: statusOf(node) }
  })
  return {
    name: spec.name,
    apiHost: spec.apiHost,
    authority: spec.authority.certificate,
    resolves,
    serving,
    ...(version !== undefined && { version }),
    nodes: found.map(({ machine, role, status }) => ({
      name: machine.name,
      zone: machine.zone,
      role,
      hostname: machine.name,
      status,
    })),
    pending: [
      ...found.flatMap(each => pendingMachine(each.machine.name, each.role, each.status)),
      ...pendingPods(pods),
    ],
  }
}

function statusOf(node: KubeObject | undefined): 'True' | 'False' | 'absent' {
  if (!node) return 'absent'
  return isReady(node) ? 'True' : 'False'
}

function pendingMachine(name: string, role: Role, status: 'True' | 'False' | 'absent'): Pending[] {
  if (status === 'absent') {
    return [{ type: 'Machine', name, message: `machine "${name}" has not yet joined cluster` }]
  }
  return status === 'True'
    ? []
    : [{ type: 'Node', name, message: `node "${name}" of role "${role}" is not ready` }]
}

function pendingPods(pods: readonly KubeObject[]): Pending[] {
  return pods.flatMap(pod => {
    const priority = (pod.spec as { priorityClassName?: string } | undefined)?.priorityClassName
    if (priority !== 'system-cluster-critical' && priority !== 'system-node-critical') return []
    const { name, namespace } = pod.metadata
    const type = 'Pod' as const
    const status = pod.status as
      | { phase?: string; containerStatuses?: { name: string; ready: boolean }[] }
      | undefined
    if (status?.phase === 'Pending') {
      return [{ type, name: `${namespace}/${name}`, message: `${priority} pod "${name}" is pending` }]
    }
    const unready = (status?.containerStatuses ?? []).filter(each => !each.ready).map(each => each.name)
    if (unready.length === 0) return []
    const message = `${priority} pod "${name}" is not ready (${unready.join(',')})`
    return [{ type, name: `${namespace}/${name}`, message }]
  })
}
