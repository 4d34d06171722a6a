import { listAt, numberAt } from '../../api/index.ts'
import { type ControlLoop, startControlLoop } from '../../control-loop.ts'
import { writeStatus } from '../../write-status.ts'
import { type ControlPlane, nowOf } from '../control-plane.ts'
import { bindingName } from '../names.ts'

type Workload = { apiVersion: string; kind: string; namespace?: string; name: string }
type Observed = { workload: Workload; result?: 'Successful' | 'Failed'; reason?: string }

/** Triggers a fresh schedule for the workloads that a WorkloadRebalancer lists, once. */
export function startRebalancer(plane: ControlPlane): ControlLoop {
  const finished = new Map<string, number>()
  const loop = startControlLoop({
    clock: plane.world.clock,
    reconcile: name => reconcile(plane, finished, name),
  })
  loop.follow(plane.store, 'WorkloadRebalancer', object => [object.metadata.name])
  return loop
}

function reconcile(plane: ControlPlane, finished: Map<string, number>, name: string): number | undefined {
  const rebalancer = plane.store.get('WorkloadRebalancer', undefined, name)
  if (!rebalancer) return undefined
  const { generation, uid = '' } = rebalancer.metadata
  const elapsed = plane.world.clock.elapsed()
  if (numberAt(rebalancer, 'status', 'observedGeneration') !== generation) {
    const workloads = listAt(rebalancer, 'spec', 'workloads') as Workload[]
    const observedWorkloads = workloads.map(workload => trigger(plane, workload))
    const status = { observedWorkloads, observedGeneration: generation, finishTime: nowOf(plane) }
    writeStatus(plane.store, rebalancer, status)
    finished.set(uid, elapsed)
  }
  const ttl = numberAt(rebalancer, 'spec', 'ttlSecondsAfterFinished')
  if (ttl === 0) return undefined
  const left = (finished.get(uid) ?? elapsed) + ttl - elapsed
  if (left > 0) return left
  finished.delete(uid)
  plane.store.remove('WorkloadRebalancer', undefined, name)
  return undefined
}

function trigger({ store, world }: ControlPlane, workload: Workload): Observed {
  const kind = workload.namespace ? 'ResourceBinding' : 'ClusterResourceBinding'
  const now = nowOf({ world })
  const found = store.modify(kind, workload.namespace, bindingName(workload.kind, workload.name), draft => {
    draft.spec = { ...(draft.spec as object), rescheduleTriggeredAt: now }
  })
  return found
    ? { workload, result: 'Successful' }
    : { workload, result: 'Failed', reason: 'ReferencedBindingNotFound' }
}
