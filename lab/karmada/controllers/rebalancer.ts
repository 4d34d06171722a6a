import { type ControlLoop, startControlLoop } from '@meridian/lab-clusters/control-loop'
import { writeStatus } from '@meridian/lab-clusters/objects'
import type { KubeObject } from '@meridian/lab-kube-api'
import { listAt, sameJson, textAt, valueAt } from '@meridian/lab-world/json'
import { type ControlPlane, nowOf } from '../control-plane.ts'
import { bindingName } from '../names.ts'
import type { BindingSpec } from '../needs-scheduling.ts'

type Workload = { apiVersion: string; kind: string; namespace?: string; name: string }
type Observed = { workload: Workload; result?: 'Successful' | 'Failed'; reason?: string }

/**
 * Triggers a fresh schedule for the workloads that a WorkloadRebalancer lists, each once, and removes it when its time
 * is over. That is told by the clock on the wall, as in Karmada: it passes no faster than real time.
 */
export function startRebalancer(plane: ControlPlane): ControlLoop {
  const loop = startControlLoop({ clock: plane.world.clock, reconcile: name => reconcile(plane, name) })
  loop.follow(plane.store, 'WorkloadRebalancer', (object, previous) =>
    previous && object.metadata.generation === previous.metadata.generation ? [] : [object.metadata.name],
  )
  return loop
}

function reconcile(plane: ControlPlane, name: string): number | undefined {
  const { store, world } = plane
  const rebalancer = store.get('WorkloadRebalancer', undefined, name)
  if (!rebalancer) return undefined
  const observedWorkloads = observedOf(rebalancer).map(each =>
    each.result ? each : trigger(plane, rebalancer, each.workload),
  )
  const changed = !sameJson(listAt(rebalancer, 'status', 'observedWorkloads'), observedWorkloads)
  const finishTime = changed ? nowOf(plane) : textAt(rebalancer, 'status', 'finishTime')
  const { generation } = rebalancer.metadata
  writeStatus(store, rebalancer, { observedWorkloads, observedGeneration: generation, finishTime })
  const ttl = valueAt(rebalancer, 'spec', 'ttlSecondsAfterFinished')
  if (ttl === undefined) return undefined
  const left = Date.parse(finishTime) / 1000 + Number(ttl) - world.clock.now() / 1000
  if (left > 0) return left * world.clock.scale
  store.remove('WorkloadRebalancer', undefined, name)
  return undefined
}

// What has been triggered once stays in the list, and is not triggered again.
function observedOf(rebalancer: KubeObject): Observed[] {
  const wanted = listAt(rebalancer, 'spec', 'workloads') as Workload[]
  const before = listAt(rebalancer, 'status', 'observedWorkloads') as Observed[]
  const isWanted = ({ workload }: Observed) => wanted.some(each => sameJson(each, workload))
  const kept = before.filter(each => isWanted(each) || each.result === 'Successful')
  const added = wanted.filter(workload => !kept.some(each => sameJson(each.workload, workload)))
  const all = [...kept, ...added.map(workload => ({ workload }))]
  const key = ({ workload: { apiVersion, kind, namespace = '', name } }: Observed) =>
    [apiVersion, kind, namespace, name].join(' ')
  return all.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}

/** The trigger is as old as the rebalancer, in whole seconds; an older one than that of the binding is none. */
function trigger({ store }: ControlPlane, { metadata }: KubeObject, workload: Workload): Observed {
  const kind = workload.namespace ? 'ResourceBinding' : 'ClusterResourceBinding'
  const created = metadata.creationTimestamp ?? ''
  const found = store.modify(kind, workload.namespace, bindingName(workload.kind, workload.name), draft => {
    const spec = draft.spec as BindingSpec
    const before = Date.parse(spec.rescheduleTriggeredAt ?? '')
    if (!(Date.parse(created) <= before)) draft.spec = { ...spec, rescheduleTriggeredAt: created }
  })
  return found
    ? { workload, result: 'Successful' }
    : { workload, result: 'Failed', reason: 'ReferencedBindingNotFound' }
}
