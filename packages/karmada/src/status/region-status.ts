import type { Binding, Expectation, ItemStatus, MemberReport } from './binding.ts'
import { type Lasting, lastingRefusal } from './lasting.ts'

export type RegionStatus = {
  cluster: string
  replicas: number | undefined
  ready: number | undefined
  healthy: boolean
  /** Hostname or address of the load balancer, for a Service that has one. */
  hostname: string | undefined
  /** Why it is not done yet; empty when it is. */
  reason: string
  /** Set where no waiting mends it, as far as was last reported. */
  lasting?: Lasting | undefined
}

/** How far an object has come in one cluster. */
export function regionStatus(
  binding: Binding,
  expected: Expectation,
  cluster: string,
  targets: ReadonlyMap<string, number | undefined>,
): RegionStatus {
  const item = binding.status?.aggregatedStatus?.find(each => each.clusterName === cluster)
  const ingress = item?.status?.loadBalancer?.ingress?.[0]
  const healthy = item?.health === 'Healthy' || (expected.judged === false && item?.health !== 'Unhealthy')
  const region: RegionStatus = {
    cluster,
    replicas: targets.get(cluster),
    ready: item?.status?.readyReplicas,
    healthy,
    hostname: ingress?.hostname ?? ingress?.ip,
    reason: '',
  }
  const targeted = targets.has(cluster)
  const reason = regionReason(region, item, expected, targeted)
  const failure = binding.spec.resource?.kind === 'Job' ? failureOf(item) : undefined
  if (reason === '') return failure === undefined ? region : { ...region, reason: failure, lasting: 'failed' }
  if (expected.unready?.[cluster] !== undefined) return { ...region, reason }
  const barred = !targeted && expected.barred?.[cluster] !== undefined
  return { ...region, reason, lasting: barred ? 'barred' : lastingRefusal(binding, item) }
}

/** How many of a Work's manifests went well: ours have one. */
const count = /^Failed to apply all manifests \(\d+\/\d+\): /

function regionReason(
  region: RegionStatus,
  item: MemberReport | undefined,
  expected: Expectation,
  targeted: boolean,
): string {
  const unready = expected.unready?.[region.cluster]
  if (unready !== undefined) return unready
  if (!targeted)
    return ['the scheduler passed it over', expected.barred?.[region.cluster]].filter(Boolean).join(': ')
  if (item === undefined) return 'nothing reported yet'
  if (item.applied !== true) return (item.appliedMessage ?? 'not applied yet').replace(count, '')
  const seen = item.status?.resourceTemplateGeneration
  if (seen !== undefined && expected.generation !== undefined && seen < expected.generation)
    return 'still runs the version before'
  if (region.replicas !== undefined && expected.replicas !== undefined && (expected.countsReady ?? true)) {
    const late = rollOutReason(region.replicas, item.status ?? {}, expected)
    if (late !== '') return late
  }
  if (region.healthy || expected.judged === 'ignored') return ''
  return item.health === 'Unhealthy' ? 'applied, not healthy yet' : 'health is not known yet'
}

/** A Job that has failed does not run again. */
function failureOf(item: MemberReport | undefined): string | undefined {
  const failed = item?.status?.conditions?.find(each => each.type === 'Failed' && each.status === 'True')
  return failed && `has failed: ${[failed.reason, failed.message].filter(Boolean).join(': ')}`
}

/**
 * What `kubectl rollout status` waits for, and that there are no more pods than wanted. Old pods count too: while
 * the new ones do not start, as many as are wanted may be ready, and Karmada calls that healthy. How many are wanted
 * where an autoscaler decides only the member knows: those that are there have to be ready, and Karmada's health says
 * whether they are all.
 */
function rollOutReason(share: number, status: ItemStatus, expected: Expectation): string {
  const { replicas = 0, readyReplicas = 0, generation = 0, observedGeneration = generation } = status
  if (observedGeneration < generation) return 'still runs the version before'
  const updated = (expected.versioned ?? true) ? (status.updatedReplicas ?? 0) : replicas
  const old = Math.max(0, replicas - updated)
  const ready = Math.max(0, Math.min(updated, readyReplicas - old))
  const wanted = expected.elastic ? Math.max(1, updated) : share
  if (ready < wanted) return `${ready}/${wanted} replicas ready`
  const tooMany = expected.elastic ? old : replicas - wanted
  return tooMany > 0 ? `${tooMany} pods too many are still there` : ''
}
