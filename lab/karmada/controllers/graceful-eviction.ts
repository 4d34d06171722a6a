import { type ControlLoop, keyOf, splitKey, startControlLoop } from '@meridian/lab-clusters/control-loop'
import type { KubeObject } from '@meridian/lab-kube-api'
import { listAt, numberAt } from '@meridian/lab-world/json'
import type { ControlPlane } from '../control-plane.ts'
import type { BindingSpec } from '../needs-scheduling.ts'
import type { AggregatedStatusItem } from '../types.ts'

const timeoutSeconds = 600
const kinds = ['ResourceBinding', 'ClusterResourceBinding']

/** Ends evictions once everything is healthy where it has gone to, or after ten minutes. */
export function startGracefulEviction(plane: ControlPlane): ControlLoop {
  const begun = new Map<string, number>()
  const loop = startControlLoop({
    clock: plane.world.clock,
    reconcile: key => reconcile(plane, begun, key),
  })
  for (const kind of kinds) loop.follow(plane.store, kind, object => [keyOf(object)])
  return loop
}

function reconcile(plane: ControlPlane, begun: Map<string, number>, key: string): number | undefined {
  const [namespace, name] = splitKey(key)
  const kind = namespace ? 'ResourceBinding' : 'ClusterResourceBinding'
  const binding = plane.store.get(kind, namespace, name)
  const tasks = (binding?.spec as BindingSpec | undefined)?.gracefulEvictionTasks ?? []
  if (!binding || tasks.length === 0) {
    begun.delete(key)
    return undefined
  }
  const now = plane.world.clock.elapsed()
  const since = begun.get(key) ?? now
  begun.set(key, since)
  const left = since + timeoutSeconds - now
  if (left > 0 && !isSettled(binding)) return left
  plane.store.modify(kind, namespace, name, draft => {
    const { gracefulEvictionTasks: _done, ...spec } = draft.spec as BindingSpec
    draft.spec = spec
  })
  return undefined
}

// Before the scheduler has seen the eviction, the status may be of before.
function isSettled(binding: KubeObject): boolean {
  if (numberAt(binding, 'status', 'schedulerObservedGeneration') !== binding.metadata.generation) return false
  const items = listAt(binding, 'status', 'aggregatedStatus') as AggregatedStatusItem[]
  const targets = (binding.spec as BindingSpec).clusters ?? []
  return targets.every(target =>
    items.some(item => item.clusterName === target.name && item.health === 'Healthy'),
  )
}
