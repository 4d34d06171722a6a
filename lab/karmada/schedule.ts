import { divideByRoom } from './divide-by-room.ts'
import { matchesAffinity, rejection } from './select-clusters.ts'
import type { Candidate, ClusterAffinity, Placement, ReplicaScheduling, TargetCluster } from './types.ts'
import { divide } from './webster.ts'
import type { Scheduled, Unschedulable, Workload } from './workload.ts'
/** How the workload is scheduled by now, and whether that counts for nothing. */
export type Former = { held?: readonly TargetCluster[]; affinityName?: string; fresh?: boolean }

/**
 * Chooses clusters and replicas for a workload as Karmada's scheduler does: filter by affinity, taints, API and
 * spread properties; select by spread constraints; then divide. Clusters that have it by now are not driven out by
 * NoSchedule taints. A workload without replicas (a Service, a ConfigMap) goes whole everywhere.
 */
export function schedule(
  workload: Workload,
  placement: Placement,
  candidates: readonly Candidate[],
  former: Former = {},
): Scheduled | Unschedulable {
  const { clusterAffinities: groups, clusterAffinity } = placement
  if (!groups) return scheduleWithin(workload, placement, clusterAffinity ?? {}, candidates, former)
  // A group that failed is not come back to; when all do, the first of them says why.
  const begin = Math.max(
    0,
    groups.findIndex(each => each.affinityName === former.affinityName),
  )
  let refusal: Unschedulable | undefined
  for (const group of groups.slice(begin)) {
    const outcome = scheduleWithin(workload, placement, group, candidates, former)
    if (outcome.kind === 'scheduled') return { ...outcome, affinityName: group.affinityName }
    refusal ??= outcome
  }
  return refusal ?? nothingFits(candidates, [])
}

/** Whether replicas are split over clusters, rather than copied to each. */
export function dividesReplicas(placement: Placement): boolean {
  return placement.replicaScheduling?.replicaSchedulingType === 'Divided'
}

function scheduleWithin(
  workload: Workload,
  placement: Placement,
  affinity: ClusterAffinity,
  candidates: readonly Candidate[],
  former: Former,
): Scheduled | Unschedulable {
  const { held = [] } = former
  const reasons: string[] = []
  const fitting = candidates.filter(cluster => {
    if (cluster.terminating) return false
    const before = held.some(target => target.name === cluster.name)
    const reason = rejection(cluster, workload, placement, affinity, before)
    if (reason) reasons.push(reason)
    return reason === undefined
  })
  if (fitting.length === 0) return nothingFits(candidates, reasons)
  const selected = selectBySpread(fitting, placement)
  if ('kind' in selected) return selected
  return assign(workload, placement.replicaScheduling, selected, former)
}

function assign(
  workload: Workload,
  scheduling: ReplicaScheduling | undefined,
  clusters: readonly Candidate[],
  { held = [], fresh = false }: Former,
): Scheduled | Unschedulable {
  const names = clusters.map(cluster => cluster.name).sort()
  if (workload.replicas === 0) return { kind: 'scheduled', clusters: names.map(name => ({ name })) }
  if (scheduling?.replicaSchedulingType !== 'Divided') {
    return { kind: 'scheduled', clusters: names.map(name => ({ name, replicas: workload.replicas })) }
  }
  if (scheduling.replicaDivisionPreference === 'Weighted' && !scheduling.weightPreference?.dynamicWeight) {
    const divided = divide(workload.uid, workload.replicas, staticVotes(clusters, scheduling))
    return { kind: 'scheduled', clusters: divided }
  }
  return divideByRoom(workload, scheduling, clusters, held, fresh)
}

function staticVotes(clusters: readonly Candidate[], scheduling: ReplicaScheduling): Record<string, number> {
  const rules = scheduling.weightPreference?.staticWeightList ?? []
  if (rules.length === 0) return Object.fromEntries(clusters.map(cluster => [cluster.name, 1]))
  const votes = clusters.map(cluster => {
    const matching = rules.filter(rule => matchesAffinity(cluster, rule.targetCluster ?? {}))
    return [cluster.name, Math.max(0, ...matching.map(rule => rule.weight))] as const
  })
  // When no rule matches any cluster Karmada falls back to equal weights rather than failing.
  if (votes.every(([, weight]) => weight === 0)) return Object.fromEntries(votes.map(([name]) => [name, 1]))
  return Object.fromEntries(votes)
}

function selectBySpread(
  fitting: readonly Candidate[],
  placement: Placement,
): readonly Candidate[] | Unschedulable {
  const scheduling = placement.replicaScheduling
  const staticWeights =
    scheduling?.replicaDivisionPreference === 'Weighted' && !scheduling.weightPreference?.dynamicWeight
  if (dividesReplicas(placement) && staticWeights) return fitting
  const byRegion = placement.spreadConstraints?.find(each => each.spreadByField === 'region')
  const byCluster = placement.spreadConstraints?.find(each => each.spreadByField === 'cluster')
  const regions = new Set(fitting.map(cluster => cluster.region))
  if (byRegion && regions.size < (byRegion.minGroups ?? 1)) return tooFew('region')
  if (byCluster && fitting.length < (byCluster.minGroups ?? 1)) return tooFew('clusters')
  const kept = [...regions].sort().slice(0, byRegion?.maxGroups || undefined)
  const inRegions = byRegion ? fitting.filter(cluster => kept.includes(cluster.region)) : fitting
  return inRegions.slice(0, byCluster?.maxGroups || undefined)
}

function tooFew(what: 'region' | 'clusters'): Unschedulable {
  const message = `failed to select clusters: the number of feasible ${what} is less than spreadConstraint.MinGroups`
  return { kind: 'no fit', reason: 'SchedulerError', message }
}

function nothingFits(candidates: readonly Candidate[], reasons: readonly string[]): Unschedulable {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  const detail = [...counts].map(([reason, count]) => `${count} ${reason}`).sort()
  const tail = detail.length > 0 ? `: ${detail.join(', ')}.` : ': no cluster exists.'
  const message = `0/${candidates.length} clusters are available${tail}`
  return { kind: 'no fit', reason: 'NoClusterFit', message }
}
