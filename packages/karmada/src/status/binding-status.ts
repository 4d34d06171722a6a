import { conditionOf, covers } from '@meridian/kube'
import { heldClusters } from '../policies/build-policies.ts'
import type { Binding, Expectation } from './binding.ts'
import { desiredReplicas, isFairSplit } from './desired-replicas.ts'
import { type RegionStatus, regionStatus } from './region-status.ts'

export type BindingStatus = {
  done: boolean
  /** What holds up the whole, regions aside; empty when nothing does. */
  reason: string
  /** Whether the replicas are divided otherwise than by the weights, which Karmada leaves so unless asked. */
  unbalanced: boolean
  /** Clusters that the schedule leaves out, as it does those that do not serve the kind yet; it is not made anew by itself. */
  missed: string[]
  regions: RegionStatus[]
}

/**
 * Whether an object has arrived everywhere: scheduled for what is wanted now, divided as expected, applied and
 * healthy in each cluster. Otherwise each region says what it lacks, in Karmada's own words where it has any.
 */
export function bindingStatus(binding: Binding | undefined, expected: Expectation): BindingStatus {
  if (binding === undefined) return unscheduled(expected, 'no policy has claimed it yet')
  const reason = schedulingReason(binding, expected)
  if (reason !== '') return unscheduled(expected, reason, fitsNowhere(binding))
  const targets = new Map((binding.spec.clusters ?? []).map(target => [target.name, target.replicas]))
  const split = splitReason(expected, targets)
  // A tie may have given the last replica to another cluster than ours would get: a fair split says who has one.
  const names =
    split === '' && isCounted(expected)
      ? expected.clusters.filter(name => (targets.get(name) ?? 0) > 0)
      : withShare(expected)
  const regions = names
    .filter(name => isJudged(expected, name))
    .map(name => regionStatus(binding, expected, name, targets))
  const unapplied = appliedReason(binding, expected)
  // Divided anew they would come out the same while a cluster takes none.
  const isStable = expected.clusters.every(
    name => expected.unready?.[name] === undefined && (targets.has(name) || !isBarred(expected, name)),
  )
  return {
    done: split === '' && unapplied === '' && regions.every(region => region.reason === ''),
    reason: split || unapplied,
    unbalanced: split !== '' && isStable,
    missed: regions
      .map(({ cluster }) => cluster)
      .filter(name => !targets.has(name) && !isBarred(expected, name)),
    regions,
  }
}

function isJudged({ held = [], only }: Expectation, cluster: string): boolean {
  return !held.includes(cluster) && (only === undefined || only.includes(cluster))
}

const isBarred = ({ barred }: Expectation, cluster: string) => barred?.[cluster] !== undefined

/** Whether replicas are counted out by fixed weights. */
function isCounted({ replicas, weights }: Expectation): boolean {
  return replicas !== undefined && replicas > 0 && weights !== undefined
}

/** Of a binding of which some clusters do not count, Karmada's word on the whole does not either. */
function appliedReason(binding: Binding, { held = [], only }: Expectation): string {
  if (held.length > 0 || only !== undefined) return ''
  const applied = conditionOf(binding, 'FullyApplied')
  return applied?.status === 'True' ? '' : (applied?.message ?? 'not applied everywhere yet')
}

/** Of a schedule that fails for another reason Karmada tries again. */
function fitsNowhere(binding: Binding): boolean {
  const scheduled = conditionOf(binding, 'Scheduled')
  return scheduled?.status === 'False' && scheduled.reason === 'NoClusterFit'
}

function unscheduled(expected: Expectation, reason: string, isMissed = false): BindingStatus {
  const judged = withShare(expected).filter(name => isJudged(expected, name))
  const regions = judged.map(
    (cluster): RegionStatus => ({
      cluster,
      replicas: undefined,
      ready: undefined,
      healthy: false,
      hostname: undefined,
      reason: 'waiting to be scheduled',
      lasting: isMissed && isBarred(expected, cluster) ? 'barred' : undefined,
    }),
  )
  const missed = isMissed ? judged.filter(name => !isBarred(expected, name)) : []
  return { done: false, reason, unbalanced: false, missed, regions }
}

function schedulingReason(binding: Binding, expected: Expectation): string {
  const scheduled = conditionOf(binding, 'Scheduled')
  const observed = binding.status?.schedulerObservedGeneration ?? 0
  const held = { actual: heldClusters(binding).toSorted(), desired: (expected.held ?? []).toSorted() }
  const stale =
    expected.placement !== undefined &&
    binding.spec.placement !== undefined &&
    !covers(binding.spec.placement, expected.placement)
  if (stale || held.actual.join() !== held.desired.join())
    return 'its policy has changed and is not taken up yet'
  // Only a schedule that succeeds is recorded with its generation: one that fails is told by the condition alone.
  if (scheduled?.status === 'False')
    return scheduled.message || `not scheduled: ${scheduled.reason ?? 'no reason given'}`
  if (observed < (binding.metadata.generation ?? 0)) return 'waiting for the scheduler'
  return scheduled?.status === 'True' ? '' : 'not scheduled yet'
}

/** Clusters that get nothing of few replicas are not in the schedule at all. */
function withShare(expected: Expectation): string[] {
  if (!isCounted(expected)) return [...expected.clusters]
  const share = desiredReplicas(expected.replicas ?? 0, expected.weights ?? {})
  return expected.clusters.filter(name => (share[name] ?? 0) > 0)
}

function splitReason(expected: Expectation, targets: Map<string, number | undefined>): string {
  if (!expected.replicas || !expected.weights) return ''
  const split = Object.fromEntries([...targets].map(([name, count]) => [name, count ?? 0]))
  if (isFairSplit(split, expected.replicas, expected.weights)) return ''
  const text = (shares: Record<string, number>) =>
    Object.entries(shares)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'nothing'
  return `divided as ${text(split)} instead of ${text(desiredReplicas(expected.replicas, expected.weights))}`
}
