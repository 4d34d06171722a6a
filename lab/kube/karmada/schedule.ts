import { matchesAffinity, rejection } from './select-clusters.ts'
import type { Candidate, ClusterAffinity, Placement, ReplicaScheduling, TargetCluster } from './types.ts'
import { allocateSeats, breaksTiesDescending } from './webster.ts'

export type Workload = { apiVersion: string; kind: string; uid: string; replicas: number }
export type Scheduled = { kind: 'scheduled'; clusters: TargetCluster[]; affinityName?: string }
export type Unschedulable = { kind: 'no fit'; reason: 'NoClusterFit' | 'Unschedulable'; message: string }

/**
 * Chooses clusters and replicas for a workload as Karmada's scheduler does: filter by affinity, taints, API and
 * spread properties; select by spread constraints; then divide. `held` is the present result: clusters in it are
 * not driven out by NoSchedule taints. A workload without replicas (a Service, a ConfigMap) goes whole everywhere.
 */
export function schedule(
  workload: Workload,
  placement: Placement,
  candidates: readonly Candidate[],
  held: readonly TargetCluster[] = [],
): Scheduled | Unschedulable {
  const affinities = placement.clusterAffinities ?? [
    { affinityName: undefined, ...placement.clusterAffinity },
  ]
  let last: Unschedulable = nothingFits(candidates, [])
  for (const affinity of affinities) {
    const outcome = scheduleWithin(workload, placement, affinity, candidates, held)
    if (outcome.kind === 'scheduled') {
      return affinity.affinityName ? { ...outcome, affinityName: affinity.affinityName } : outcome
    }
    last = outcome
  }
  return last
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
  held: readonly TargetCluster[],
): Scheduled | Unschedulable {
  const reasons: string[] = []
  const fitting = candidates.filter(cluster => {
    const before = held.some(target => target.name === cluster.name)
    const reason = rejection(cluster, workload, placement, affinity, before)
    if (reason) reasons.push(reason)
    return reason === undefined
  })
  if (fitting.length === 0) return nothingFits(candidates, reasons)
  const selected = selectBySpread(fitting, placement)
  if ('kind' in selected) return selected
  return assign(workload, placement.replicaScheduling, selected, held)
}

function assign(
  workload: Workload,
  scheduling: ReplicaScheduling | undefined,
  clusters: readonly Candidate[],
  held: readonly TargetCluster[],
): Scheduled | Unschedulable {
  const names = clusters.map(cluster => cluster.name).sort()
  if (workload.replicas === 0) return { kind: 'scheduled', clusters: names.map(name => ({ name })) }
  if (scheduling?.replicaSchedulingType !== 'Divided') {
    return { kind: 'scheduled', clusters: names.map(name => ({ name, replicas: workload.replicas })) }
  }
  if (scheduling.replicaDivisionPreference === 'Weighted' && !scheduling.weightPreference?.dynamicWeight) {
    return divide(workload, staticVotes(clusters, scheduling))
  }
  return divideByCapacity(workload, scheduling, clusters, held)
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

function divideByCapacity(
  workload: Workload,
  scheduling: ReplicaScheduling,
  clusters: readonly Candidate[],
  held: readonly TargetCluster[],
): Scheduled | Unschedulable {
  const free = clusters.map(cluster => {
    const present = held.find(target => target.name === cluster.name)?.replicas ?? 0
    return { name: cluster.name, present, room: cluster.free() + present }
  })
  const room = free.reduce((sum, each) => sum + each.room, 0)
  if (room < workload.replicas) {
    const message = `Clusters available replicas ${room} are not enough to schedule.`
    return { kind: 'no fit', reason: 'Unschedulable', message }
  }
  if (scheduling.replicaDivisionPreference === 'Weighted') {
    return divide(workload, Object.fromEntries(free.map(each => [each.name, each.room])))
  }
  const chosen: Record<string, number> = {}
  let missing = workload.replicas
  for (const each of free.toSorted(
    (a, b) => b.present - a.present || b.room - a.room || (a.name < b.name ? -1 : 1),
  )) {
    if (missing <= 0) break
    chosen[each.name] = each.room
    missing -= each.room
  }
  return divide(workload, chosen)
}

function divide(workload: Workload, votes: Record<string, number>): Scheduled {
  const seats = allocateSeats(workload.replicas, votes, breaksTiesDescending(workload.uid))
  const clusters = Object.entries(seats)
    .filter(([, replicas]) => replicas > 0)
    .map(([name, replicas]) => ({ name, replicas }))
  return { kind: 'scheduled', clusters: clusters.sort((a, b) => (a.name < b.name ? -1 : 1)) }
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
  const message = `the number of feasible ${what} is less than spreadConstraint.MinGroups`
  return { kind: 'no fit', reason: 'Unschedulable', message }
}

function nothingFits(candidates: readonly Candidate[], reasons: readonly string[]): Unschedulable {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  const detail = [...counts].map(([reason, count]) => `${count} ${reason}`).sort()
  const tail = detail.length > 0 ? `: ${detail.join(', ')}.` : ': no cluster exists.'
  const message = `0/${candidates.length} clusters are available${tail}`
  return { kind: 'no fit', reason: 'NoClusterFit', message }
}
