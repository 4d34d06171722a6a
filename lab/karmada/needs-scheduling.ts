import type { KubeObject } from '@meridian/lab-kube-api'
import { sameJson, textAt } from '@meridian/lab-world/json'
import { dividesReplicas } from './schedule.ts'
import type { ClusterAffinity, Placement, TargetCluster } from './types.ts'

export const appliedPlacement = 'policy.karmada.io/applied-placement'

/** A cluster that a binding is driven out of; its Work stays until the task ends, unless it is to go directly. */
type EvictionTask = { fromCluster: string; purgeMode?: string }

export type BindingSpec = {
  resource: { apiVersion: string; kind: string; namespace?: string; name: string; uid: string }
  replicas?: number
  replicaRequirements?: object
  placement?: Placement
  clusters?: TargetCluster[]
  gracefulEvictionTasks?: EvictionTask[]
  rescheduleTriggeredAt?: string
  conflictResolution?: string
  preserveResourcesOnDeletion?: boolean
  propagateDeps?: boolean
  suspension?: {
    dispatching?: boolean
    dispatchingOnClusters?: { clusterNames?: string[] }
    scheduling?: boolean
  }
  requiredBy?: { namespace: string; name: string; clusters: TargetCluster[] }[]
}

/** Whether a binding is of pods: what has none, a Service say, goes whole to every cluster. */
export function isWorkload({ replicas = 0, replicaRequirements }: BindingSpec): boolean {
  return replicas > 0 || replicaRequirements !== undefined
}

/**
 * Whether a binding is scheduled anew. What is divided stays where it is when a cluster joins later: only a changed
 * placement, a sum of replicas that does not fit, an explicit trigger or a leaving cluster moves it. What is copied
 * whole is scheduled whenever it is looked at. After `doScheduleBinding` in pkg/scheduler/scheduler.go of Karmada.
 */
export function needsScheduling(binding: KubeObject, isLeaving: (cluster: string) => boolean): boolean {
  const spec = binding.spec as BindingSpec
  const { placement = {}, clusters = [] } = spec
  return (
    isPlacementChanged(binding, placement) ||
    areReplicasChanged(spec) ||
    isRescheduleTriggered(binding) ||
    !isWorkload(spec) ||
    !dividesReplicas(placement) ||
    clusters.some(target => isLeaving(target.name))
  )
}

/**
 * Whether a new schedule has been asked for since the last one. Both times are in whole seconds, so what is asked for
 * in the second of the last schedule is lost; before the first schedule nothing needs to be asked for.
 */
export function isRescheduleTriggered(binding: KubeObject): boolean {
  const triggered = Date.parse((binding.spec as BindingSpec).rescheduleTriggeredAt ?? '')
  return triggered > Date.parse(textAt(binding, 'status', 'lastScheduledTime'))
}

/** The name of the affinity group that a binding is scheduled by, of those that its placement offers. */
export function observedAffinity(binding: KubeObject): string {
  return textAt(binding, 'status', 'schedulerObservingAffinityName')
}

/** The affinity by which a change of a Cluster concerns a binding; every Cluster does where there is none. */
export function affinityInForce(binding: KubeObject): ClusterAffinity | undefined {
  const { placement = {} } = binding.spec as BindingSpec
  const { clusterAffinities, clusterAffinity } = placement
  const observed = observedAffinity(binding)
  return clusterAffinities
    ? (clusterAffinities.find(each => each.affinityName === observed) ?? clusterAffinities[0])
    : clusterAffinity
}

// Of several affinity groups only the one that is in force counts.
function isPlacementChanged(binding: KubeObject, placement: Placement): boolean {
  const text = textAt(binding, 'metadata', 'annotations', appliedPlacement)
  if (!text) return true
  const applied: Placement = JSON.parse(text)
  if (sameJson(applied, placement)) return false
  const { clusterAffinities: now = [], ...rest } = placement
  const { clusterAffinities: before = [], ...former } = applied
  const inForce = (groups: typeof now) => groups.find(each => each.affinityName === observedAffinity(binding))
  return !sameJson(rest, former) || !inForce(now) || !sameJson(inForce(now), inForce(before))
}

function areReplicasChanged({ placement = {}, replicas = 0, clusters = [] }: BindingSpec): boolean {
  if (!placement.replicaScheduling) return false
  if (!dividesReplicas(placement)) return clusters.some(target => (target.replicas ?? 0) !== replicas)
  return clusters.reduce((total, target) => total + (target.replicas ?? 0), 0) !== replicas
}
