import type { KubeObject } from '@meridian/lab-kube-api'
import { rollingLimits } from './rolling-update.ts'

type Counts = { replicas?: number; readyReplicas?: number; availableReplicas?: number }
type Condition = {
  type: string
  status: string
  reason: string
  message: string
  lastUpdateTime: string
  lastTransitionTime: string
}

/**
 * The status of a Deployment from its newest and its older ReplicaSets; `stalled` says that nothing has moved for
 * longer than its deadline. Zero counters are left out, as on the wire.
 */
export function deploymentStatus(
  deployment: KubeObject,
  current: KubeObject,
  older: readonly KubeObject[],
  now: Date,
  stalled = false,
): Record<string, unknown> {
  const wanted = (deployment.spec as { replicas?: number }).replicas ?? 1
  const sets = [current, ...older].map(set => (set.status ?? {}) as Counts)
  const total = (field: keyof Counts) => sets.reduce((sum, counts) => sum + (counts[field] ?? 0), 0)
  const updated = ((current.status ?? {}) as Counts).replicas ?? 0
  const available = total('availableReplicas')
  const counters = {
    replicas: total('replicas'),
    updatedReplicas: updated,
    readyReplicas: total('readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, Math.max(wanted, total('replicas')) - available),
  }
  const finished = available >= wanted && updated >= wanted && total('replicas') === wanted
  return {
    observedGeneration: deployment.metadata.generation,
    ...Object.fromEntries(Object.entries(counters).filter(([, value]) => value > 0)),
    conditions: conditions(
      deployment,
      current,
      { finished, stalled, available: available >= wanted - rollingLimits(deployment).missing },
      now,
    ),
  }
}

function conditions(
  deployment: KubeObject,
  current: KubeObject,
  reached: { finished: boolean; stalled: boolean; available: boolean },
  now: Date,
): Condition[] {
  const before = (deployment.status as { conditions?: Condition[] } | undefined)?.conditions ?? []
  const { name } = current.metadata
  return [
    condition(before, now, 'Available', reached.available, ...availability(reached.available)),
    condition(before, now, 'Progressing', reached.finished || !reached.stalled, ...progress(name, reached)),
  ]
}

function availability(available: boolean): [reason: string, message: string] {
  return available
    ? ['MinimumReplicasAvailable', 'Deployment has minimum availability.']
    : ['MinimumReplicasUnavailable', 'Deployment does not have minimum availability.']
}

function progress(
  set: string,
  { finished, stalled }: { finished: boolean; stalled: boolean },
): [reason: string, message: string] {
  if (stalled && !finished) {
    return ['ProgressDeadlineExceeded', `ReplicaSet "${set}" has timed out progressing.`]
  }
  return finished
    ? ['NewReplicaSetAvailable', `ReplicaSet "${set}" has successfully progressed.`]
    : ['ReplicaSetUpdated', `ReplicaSet "${set}" is progressing.`]
}

function condition(
  before: readonly Condition[],
  now: Date,
  type: string,
  holds: boolean,
  reason: string,
  message: string,
): Condition {
  const time = `${now.toISOString().slice(0, 19)}Z`
  const status = holds ? 'True' : 'False'
  const last = before.find(each => each.type === type)
  if (last && last.status === status && last.reason === reason && last.message === message) return last
  const lastTransitionTime = last?.status === status ? last.lastTransitionTime : time
  return { type, status, reason, message, lastUpdateTime: time, lastTransitionTime }
}
