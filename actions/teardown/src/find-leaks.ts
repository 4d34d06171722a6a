import { judgeClaim, readTags } from '@meridian/identity'
import {
  describeLeak,
  isHearsay,
  judgeRemains,
  type Leak,
  lookAtCluster,
  type TaggedResource,
  taggedResources,
} from '@meridian/inventory'
import { done, messageOf, TimeoutError, waitFor, waiting } from '@meridian/runner'
import { openStore } from '@meridian/state'
import { type Expected, findBalancers } from './clusters/find-balancers.ts'
import { limitTime, type Work } from './work.ts'

/** The tagging API shows what was just deleted for a while; nothing else of AWS is asked so often. */
const settleMilliseconds = 60_000
/** The services themselves know at once, or nearly. */
const ownWordMilliseconds = 5_000

/**
 * What is left of the clusters in AWS, by the tags that kops and the cloud controller put on everything, and of load balancers
 * that were to go from clusters that stay. Where this
 * run has deleted something, it looks again for a minute before it calls what it sees a leak.
 */
export async function findLeaks(work: Work, expected: readonly Expected[]): Promise<Leak[]> {
  const look = () => lookForLeaks(work, expected)
  const seen = await look()
  if (seen.length === 0 || (work.ledger.gone.length === 0 && !seen.every(isHearsay))) return seen
  return settleLeaks(work, seen, look)
}

/** Looks again for a minute while anything is listed. Returns what is listed at last. */
export async function settleLeaks(
  { job }: Pick<Work, 'job'>,
  first: Leak[],
  look: () => Promise<Leak[]>,
): Promise<Leak[]> {
  let seen = first
  const patience = seen.every(isHearsay) ? settleMilliseconds : ownWordMilliseconds
  try {
    await waitFor(limitTime(job, patience), {
      what: 'AWS to stop listing what was deleted',
      fix: '',
      every: { first: 1_000, most: 10_000 },
      probe: async () => {
        seen = await look()
        return seen.length === 0
          ? done(undefined)
          : waiting(`${seen.length} listed, such as ${seen.slice(0, 3).map(describeLeak).join(', ')}`)
      },
    })
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error
  }
  return seen
}

async function lookForLeaks(work: Work, expected: readonly Expected[]): Promise<Leak[]> {
  const { clusters, scope } = work.inputs
  const wanted = scope.has('clusters') || scope.has('state')
  const ours = wanted ? clusters.filter(({ provider }) => provider === 'kops') : []
  const found = await Promise.all([
    ...ours.map(({ fullName, region }) => lookForRemains(work, fullName, region)),
    findBalancers(work, expected),
  ])
  return found.flat()
}

/** What there is of a cluster in AWS, its state aside. */
export async function lookForRemains(
  { aws }: Pick<Work, 'aws'>,
  fullName: string,
  region: string,
): Promise<Leak[]> {
  return judgeRemains(fullName, region, await lookAtCluster(aws, fullName, region))
}

/** State buckets of this environment that no named cluster has: another run may be making them, or have left them. */
export async function findOtherBuckets(work: Work): Promise<string[]> {
  const { aws, inputs, job, account } = work
  const regions = [...new Set(inputs.clusters.map(({ region }) => region))]
  try {
    const found = await Promise.all(regions.map(region => taggedResources(aws, region, {}, ['s3'])))
    const others = found.flat().filter(bucket => isOther(bucket, work))
    const there = await Promise.all(
      others.map(async ({ id, region }) => {
        const store = await openStore(aws, { bucket: id, path: '' }, { near: region, account })
        return store === undefined ? [] : [id]
      }),
    )
    return there.flat()
  } catch (error) {
    job.signal.throwIfAborted()
    job.log.info(`Whether other clusters have state buckets could not be asked: ${messageOf(error)}`)
    return []
  }
}

function isOther({ id, tags }: TaggedResource, { identity, inputs }: Work): boolean {
  const claim = judgeClaim(id, readTags(tags), identity)
  if (claim.kind !== 'ours' || !id.endsWith('-state')) return false
  return !inputs.clusters.some(({ fullName, stateStore }) => {
    return claim.mark.cluster === fullName || stateStore.startsWith(`s3://${id}`)
  })
}
