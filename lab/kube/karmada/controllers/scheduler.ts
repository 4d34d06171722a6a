import { type KubeObject, sameJson, valueAt } from '../../api/index.ts'
import { type ControlLoop, keyOf, splitKey, startControlLoop } from '../../control-loop.ts'
import { candidateOf } from '../candidates.ts'
import { findCondition, setCondition } from '../conditions.ts'
import { type ControlPlane, nowOf } from '../control-plane.ts'
import { findTemplate } from '../map-kinds.ts'
import {
  appliedPlacement,
  type BindingSpec,
  isTriggered,
  needsScheduling,
  scheduledTime,
} from '../needs-scheduling.ts'
import { schedule } from '../schedule.ts'
import { tell, withTemplate } from '../tell.ts'
import type { Condition, TargetCluster } from '../types.ts'

const scheduledMessage = 'Binding has been scheduled successfully.'

type Outcome = ReturnType<typeof schedule>
type Scheduled = Omit<Condition, 'lastTransitionTime'>

/** karmada-scheduler: decides which members get how many replicas, per binding. */
export function startScheduler(plane: ControlPlane): ControlLoop {
  const loops = ['ResourceBinding', 'ClusterResourceBinding'].map(kind => {
    const loop = startControlLoop({ clock: plane.world.clock, reconcile: key => reconcile(plane, kind, key) })
    loop.follow(plane.store, kind, object => [keyOf(object)])
    loop.follow(plane.store, 'Cluster', () => plane.store.list(kind).map(keyOf))
    return loop
  })
  return {
    add: key => loops.forEach(loop => void loop.add(key)),
    follow: (...source) => loops.forEach(loop => void loop.follow(...source)),
    stop: () => loops.forEach(loop => void loop.stop()),
  }
}

function reconcile(plane: ControlPlane, kind: string, key: string): undefined {
  const [namespace, name] = splitKey(key)
  const binding = plane.store.get(kind, namespace, name)
  if (!binding || binding.metadata.deletionTimestamp) return
  const spec = binding.spec as BindingSpec
  // Dependencies follow what requires them; they have no placement of their own.
  if (!spec.placement) return
  const leaving = (cluster: string) => {
    const found = plane.store.get('Cluster', undefined, cluster)
    return !found || found.metadata.deletionTimestamp !== undefined
  }
  if (!needsScheduling(binding, leaving)) {
    writeStatus(plane, kind, binding, undefined)
    return
  }
  const outcome = decide(plane, binding)
  const clusters = outcome.kind === 'scheduled' ? outcome.clusters : []
  const former = spec.clusters ?? []
  const written = plane.store.modify(kind, namespace, name, draft => {
    if (!sameJson(former, clusters)) draft.spec = { ...(draft.spec as object), clusters }
    const annotations = { ...draft.metadata.annotations, [appliedPlacement]: JSON.stringify(spec.placement) }
    draft.metadata.annotations = annotations
  })
  if (!written) return
  tellOutcome(plane, written, outcome, former)
  writeStatus(plane, kind, written, outcome)
}

// What is copied whole is looked at whenever a Cluster changes: only news is told.
function tellOutcome(
  plane: ControlPlane,
  binding: KubeObject,
  outcome: Outcome,
  former: readonly TargetCluster[],
): void {
  const before = findCondition(binding, 'Scheduled')
  const component = 'default-scheduler'
  const about = withTemplate(plane, binding)
  if (outcome.kind === 'scheduled') {
    if (before?.status === 'True' && sameJson(former, outcome.clusters)) return
    const result = outcome.clusters.map(({ name, replicas = 0 }) => `${name}:${replicas}`).join(', ')
    const message = `${scheduledMessage} Result: {${result}}`
    tell(plane, about, { reason: 'ScheduleBindingSucceed', message, component })
  } else if (before?.message !== outcome.message) {
    const { message } = outcome
    tell(plane, about, { type: 'Warning', reason: 'ScheduleBindingFailed', message, component })
  }
}

function decide(plane: ControlPlane, binding: KubeObject): Outcome {
  const spec = binding.spec as BindingSpec
  const { apiVersion, kind, uid } = spec.resource
  const template = findTemplate(plane, spec.resource)
  const podSpec = valueAt(template, 'spec', 'template', 'spec')
  const evicting = new Set(spec.gracefulEvictionTasks?.map(task => task.fromCluster))
  const candidates = plane.store
    .list('Cluster')
    .map(cluster => ({ ...candidateOf(cluster, podSpec), evicting: evicting.has(cluster.metadata.name) }))
  const workload = { apiVersion, kind, uid, replicas: spec.replicas ?? 0 }
  return schedule(workload, spec.placement ?? {}, candidates, spec.clusters ?? [], isTriggered(binding))
}

function writeStatus(
  plane: ControlPlane,
  kind: string,
  binding: KubeObject,
  outcome: Outcome | undefined,
): void {
  const { namespace, name, generation } = binding.metadata
  const { rescheduleTriggeredAt } = binding.spec as BindingSpec
  const lastScheduledTime = scheduledTime(nowOf(plane), rescheduleTriggeredAt)
  const change = (draft: KubeObject) => {
    const before = (draft.status ?? {}) as { conditions?: Condition[]; schedulerObservedGeneration?: number }
    const conditions = outcome
      ? setCondition(before.conditions, conditionOf(outcome), nowOf(plane))
      : before.conditions
    const scheduled = outcome?.kind === 'scheduled' && before.schedulerObservedGeneration !== generation
    draft.status = {
      ...before,
      ...(conditions ? { conditions } : {}),
      schedulerObservedGeneration: generation,
      ...(scheduled ? { lastScheduledTime } : {}),
    }
  }
  plane.store.modify(kind, namespace, name, change, { status: true })
}

function conditionOf(outcome: Outcome): Scheduled {
  if (outcome.kind === 'scheduled') {
    return { type: 'Scheduled', status: 'True', reason: 'Success', message: scheduledMessage }
  }
  return { type: 'Scheduled', status: 'False', reason: outcome.reason, message: outcome.message }
}
