import { type KubeObject, sameJson, textAt, timestamp } from '../api/index.ts'
import { dividesReplicas } from './schedule.ts'
import type { Placement, TargetCluster } from './types.ts'

export const appliedPlacement = 'policy.karmada.io/applied-placement'

/** A cluster that a binding is driven out of; its Work stays until the task ends, unless it is to go directly. */
export type EvictionTask = { fromCluster: string; purgeMode?: string }

export type BindingSpec = {
  resource: { apiVersion: string; kind: string; namespace?: string; name: string; uid: string }
  replicas?: number
  placement?: Placement
  clusters?: TargetCluster[]
  gracefulEvictionTasks?: EvictionTask[]
  rescheduleTriggeredAt?: string
  conflictResolution?: string
  preserveResourcesOnDeletion?: boolean
  propagateDeps?: boolean
  suspension?: { dispatching?: boolean; dispatchingOnClusters?: { clusterNames?: string[] } }
  requiredBy?: { namespace: string; name: string; clusters: TargetCluster[] }[]
}

/**
 * Whether a binding is scheduled anew. What is divided stays where it is when a cluster joins later: only a changed
 * placement, a sum of replicas that does not fit, an explicit trigger or a leaving cluster moves it. What is copied
 * whole is looked at each time, so it does reach a new cluster.
 */
export function needsScheduling(binding: KubeObject, isLeaving: (cluster: string) => boolean): boolean {
  const spec = binding.spec as BindingSpec
  const { placement = {}, replicas = 0, clusters = [] } = spec
  const applied = textAt(binding, 'metadata', 'annotations', appliedPlacement)
  if (!applied || !sameJson(JSON.parse(applied), placement)) return true
  if (replicas === 0 || !dividesReplicas(placement)) return true
  const sum = clusters.reduce((total, target) => total + (target.replicas ?? 0), 0)
  if (sum !== replicas) return true
  if (isTriggered(binding)) return true
  return clusters.some(target => isLeaving(target.name))
}

/** The time to record for a schedule, always after what triggered it: Kubernetes' times have whole seconds only. */
export function scheduledTime(now: string, triggered: string | undefined): string {
  if (!triggered || Date.parse(now) > Date.parse(triggered)) return now
  return timestamp(Date.parse(triggered) + 1000)
}

/** Whether a schedule is asked for, which takes no account of what there is. */
export function isTriggered(binding: KubeObject): boolean {
  const { rescheduleTriggeredAt: triggered } = binding.spec as BindingSpec
  const lastScheduled = textAt(binding, 'status', 'lastScheduledTime')
  return triggered !== undefined && (!lastScheduled || Date.parse(triggered) >= Date.parse(lastScheduled))
}
