import { matchesAffinity, rejection } from './select-clusters.ts'
import type { Candidate, ClusterAffinity, Placement, ReplicaScheduling, TargetCluster } from './types.ts'
import { allocateSeats, breaksTiesDescending } from './webster.ts'

export type Workload = { apiVersion: string; kind: string; uid: string; replicas: number }
export type Scheduled = { kind: 'scheduled'; clusters: TargetCluster[]; affinityName?: string }
export type Unschedulable = { kind: 'no fit'; reason: 'NoClusterFit' | 'Unschedulable'; message: string }

/**
 * Chooses clusters and replicas for a workload as Karmada's scheduler does: filter by affinity, taints, API and
 * spread properties; select by spread constraints; then divide. `held` is the present result: clusters in it are not
 * driven out by NoSchedule taints, and by free capacity it is only added to or taken from, unless `isFresh`. A workload
 * without replicas (a Service, a ConfigMap) goes whole everywhere.
 */
export function schedule(
  workload: Workload,
  placement: Placement,
  candidates: readonly Candidate[],
  held: readonly TargetCluster[] = [],
  isFresh = false,
): Scheduled | Unschedulable {
  const affinities = placement.clusterAffinities ?? [
    { affinityName: undefined, ...placement.clusterAffinity },
  ]
  let last: Unschedulable = nothingFits(candidates, [])
  for (const affinity of affinities) {
    const outcome = scheduleWithin(workload, placement, affinity, candidates, { held, isFresh })
    if (outcome.kind === 'scheduled') {
      return affinity.affinityName ? { ...outcome, affinityName: affinity.affinityName } : outcome
    }
    last = outcome
  }
  return last
}

type Present = { held: readonly TargetCluster[]; isFresh: boolean }

/** Whether replicas are split over clusters, rather than copied to each. */
export function dividesReplicas(placement: Placement): boolean {
  return placement.replicaScheduling?.replicaSchedulingType === 'Divided'
}

function scheduleWithin(
  workload: Workload,
  placement: Placement,
  affinity: ClusterAffinity,
  candidates: readonly Candidate[],
  present: Present,
): Scheduled | Unschedulable {
  const reasons: string[] = []
  const fitting = candidates.filter(cluster => {
    const before = present.held.some(target => target.name === cluster.name)
    const reason = rejection(cluster, workload, placement, affinity, before)
    if (reason) reasons.push(reason)
    return reason === undefined
  })
  if (fitting.length === 0) return nothingFits(candidates, reasons)
  const selected = selectBySpread(fitting, placement)
  if ('kind' in selected) return selected
  return assign(workload, placement.replicaScheduling, selected, present)
}

function assign(
  workload: Workload,
  scheduling: ReplicaScheduling | undefined,
  clusters: readonly Candidate[],
  present: Present,
): Scheduled | Unschedulable {
  const names = clusters.map(cluster => cluster.name).sort()
  if (workload.replicas === 0) return { kind: 'scheduled', clusters: names.map(name => ({ name })) }
  if (scheduling?.replicaSchedulingType !== 'Divided') {
    return { kind: 'scheduled', clusters: names.map(name => ({ name, replicas: workload.replicas })) }
  }
  if (scheduling.replicaDivisionPreference === 'Weighted' && !scheduling.weightPreference?.dynamicWeight) {
    return divide(workload, staticVotes(clusters, scheduling))
  }
  return divideByCapacity(workload, scheduling, clusters, present)
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

/** What is there stays where it is: too many are taken away in proportion, missing ones are added where there is room. */
function divideByCapacity(
  workload: Workload,
  scheduling: ReplicaScheduling,
  clusters: readonly Candidate[],
  { held, isFresh }: Present,
): Scheduled | Unschedulable {
  const counts = clusters.map(cluster => ({
    name: cluster.name,
    present: held.find(target => target.name === cluster.name)?.replicas ?? 0,
    free: cluster.free(),
  }))
  const present = Object.fromEntries(counts.map(each => [each.name, each.present]))
  const kept = isFresh ? 0 : counts.reduce((sum, each) => sum + each.present, 0)
  if (kept >= workload.replicas) return divide(workload, present)
  const missing = workload.replicas - kept
  const free = counts.map(each => ({ ...each, room: each.free + (isFresh ? each.present : 0) }))
  const room = free.reduce((sum, each) => sum + each.room, 0)
  if (room < missing) {
    const message = `Clusters available replicas ${room} are not enough to schedule.`
    return { kind: 'no fit', reason: 'Unschedulable', message }
  }
  const isWeighted = scheduling.replicaDivisionPreference === 'Weighted'
  const votes = Object.fromEntries(
    (isWeighted ? free : fewest(free, missing)).map(each => [each.name, each.room]),
  )
  return divide({ ...workload, replicas: missing }, votes, isFresh ? {} : present)
}

type Room = { name: string; present: number; room: number }

/** As few clusters as have room for all, those first that have some already. */
function fewest(free: readonly Room[], missing: number): Room[] {
  const chosen: Room[] = []
  const order = free.toSorted(
    (a, b) => Number(b.present > 0) - Number(a.present > 0) || b.room - a.room || (a.name < b.name ? -1 : 1),
  )
  for (const each of order) {
    if (chosen.reduce((sum, { room }) => sum + room, 0) >= missing) break
    chosen.push(each)
  }
  return chosen
}

/** Divides replicas by votes, and adds them to those that are there. */
function divide(
  workload: Workload,
  votes: Record<string, number>,
  present: Record<string, number> = {},
): Scheduled {
  const seats = allocateSeats(workload.replicas, votes, breaksTiesDescending(workload.uid))
  const clusters = [...new Set([...Object.keys(seats), ...Object.keys(present)])]
    .map(name => ({ name, replicas: (seats[name] ?? 0) + (present[name] ?? 0) }))
    .filter(({ replicas }) => replicas > 0)
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
