import { type Condition, conditionOf, covers, type KubeObject } from '@meridian/kube'
import { desiredReplicas, isFairSplit } from './desired-replicas.ts'

type ItemStatus = {
  replicas?: number
  readyReplicas?: number
  updatedReplicas?: number
  resourceTemplateGeneration?: number
  loadBalancer?: { ingress?: { hostname?: string; ip?: string }[] }
}

/** A ResourceBinding: where one object was sent, and what came of it. */
export type Binding = KubeObject & {
  spec: { clusters?: { name: string; replicas?: number }[]; placement?: unknown }
  status?: {
    schedulerObservedGeneration?: number
    conditions?: Condition[]
    aggregatedStatus?: {
      clusterName: string
      applied?: boolean
      appliedMessage?: string
      health?: string
      status?: ItemStatus
    }[]
  }
}

/** What a binding is measured by. */
export type Expectation = {
  /** Every cluster that must have a copy, apart from those whose share of the replicas is 0. */
  clusters: readonly string[]
  /** Of a workload whose replicas are counted; `undefined` for other kinds. */
  replicas?: number | undefined
  /** The fixed weights by which replicas are divided. */
  weights?: Readonly<Record<string, number>> | undefined
  /** The template's generation: reports on an earlier one do not count. */
  generation?: number | undefined
  /** The placement of the policy: a schedule made for an earlier one does not count. */
  placement?: unknown
  /** Whether Karmada judges the health of this kind. */
  judged: boolean
}

export type RegionStatus = {
  cluster: string
  replicas: number | undefined
  ready: number | undefined
  healthy: boolean
  /** Hostname or address of the load balancer, for a Service that has one. */
  hostname: string | undefined
  /** Why it is not done yet; empty when it is. */
  reason: string
}

export type BindingStatus = {
  done: boolean
  /** What holds up the whole, regions aside; empty when nothing does. */
  reason: string
  regions: RegionStatus[]
}

/** Name of an object's binding: `web-deployment`. */
export function bindingName(kind: string, name: string): string {
  return `${name.replaceAll(':', '.')}-${kind}`.toLowerCase()
}

/**
 * Whether an object has arrived everywhere: scheduled for what is wanted now, divided as expected, applied and
 * healthy in each cluster. Otherwise each region says what it lacks, in Karmada's own words where it has any.
 */
export function bindingStatus(binding: Binding | undefined, expected: Expectation): BindingStatus {
  if (binding === undefined) return unscheduled(expected, 'no policy has claimed it yet')
  const reason = schedulingReason(binding, expected)
  if (reason !== '') return unscheduled(expected, reason)
  const targets = new Map((binding.spec.clusters ?? []).map(target => [target.name, target.replicas]))
  const names = withShare(expected)
  const regions = names.map(name => regionStatus(binding, expected, name, targets))
  const stuck = conditionOf(binding, 'FullyApplied')
  const unapplied = stuck?.status === 'True' ? '' : (stuck?.message ?? 'not applied everywhere yet')
  const split = splitReason(expected, targets)
  return {
    done: split === '' && unapplied === '' && regions.every(region => region.reason === ''),
    reason: split || unapplied,
    regions,
  }
}

function unscheduled(expected: Expectation, reason: string): BindingStatus {
  const regions = withShare(expected).map(cluster => ({
    cluster,
    replicas: undefined,
    ready: undefined,
    healthy: false,
    hostname: undefined,
    reason: 'waiting to be scheduled',
  }))
  return { done: false, reason, regions }
}

function schedulingReason(binding: Binding, expected: Expectation): string {
  const scheduled = conditionOf(binding, 'Scheduled')
  const observed = binding.status?.schedulerObservedGeneration ?? 0
  const stale =
    expected.placement !== undefined &&
    binding.spec.placement !== undefined &&
    !covers(binding.spec.placement, expected.placement)
  if (stale) return 'its policy has changed and is not taken up yet'
  if (observed < (binding.metadata.generation ?? 0)) return 'waiting for the scheduler'
  if (scheduled?.status === 'True') return ''
  return scheduled?.message ?? 'not scheduled yet'
}

/** Clusters that get nothing of few replicas are not in the schedule at all. */
function withShare(expected: Expectation): string[] {
  if (expected.replicas === undefined || !expected.weights) return [...expected.clusters]
  if (expected.replicas === 0) return [...expected.clusters]
  const share = desiredReplicas(expected.replicas, expected.weights)
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

function regionStatus(
  binding: Binding,
  expected: Expectation,
  cluster: string,
  targets: Map<string, number | undefined>,
): RegionStatus {
  const item = binding.status?.aggregatedStatus?.find(each => each.clusterName === cluster)
  const ingress = item?.status?.loadBalancer?.ingress?.[0]
  const healthy = item?.health === 'Healthy' || (!expected.judged && item?.health !== 'Unhealthy')
  const region: RegionStatus = {
    cluster,
    replicas: targets.get(cluster),
    ready: item?.status?.readyReplicas,
    healthy,
    hostname: ingress?.hostname ?? ingress?.ip,
    reason: '',
  }
  return { ...region, reason: regionReason(region, item, expected, targets.has(cluster)) }
}

function regionReason(
  region: RegionStatus,
  item: NonNullable<NonNullable<Binding['status']>['aggregatedStatus']>[number] | undefined,
  expected: Expectation,
  targeted: boolean,
): string {
  if (!targeted) return 'the scheduler passed it over'
  if (item === undefined) return 'nothing reported yet'
  if (item.applied !== true) return item.appliedMessage ?? 'not applied yet'
  const seen = item.status?.resourceTemplateGeneration
  if (seen !== undefined && expected.generation !== undefined && seen < expected.generation)
    return 'still runs the version before'
  if (region.replicas !== undefined && expected.replicas !== undefined) {
    const ready = region.ready ?? 0
    const updated = item.status?.updatedReplicas ?? 0
    if (ready < region.replicas || updated < region.replicas)
      return `${Math.min(ready, updated)}/${region.replicas} replicas ready`
  }
  if (region.healthy) return ''
  return item.health === 'Unhealthy' ? 'applied, not healthy yet' : 'health is not known yet'
}
