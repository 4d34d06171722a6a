import { s3 } from '@meridian/aws'
import { bucketOf, ownerOf } from '@meridian/identity'
import {
  describeLeak,
  isHearsay,
  judgeRemains,
  type Leak,
  lookAtCluster,
  taggedResources,
} from '@meridian/inventory'
import { configuredClusters } from '@meridian/kops'
import { done, TimeoutError, waitFor, waiting } from '@meridian/runner'
import { limitTime, type Work } from './work.ts'

/** The tagging API shows what was just deleted for a while; nothing else of AWS is asked so often. */
const settleMilliseconds = 60_000
/** The services themselves know at once, or nearly. */
const ownWordMilliseconds = 5_000

/**
 * What is left of the clusters in AWS, by the tags that kops and the cloud controller put on everything. Where this
 * run has deleted something, it looks again for a minute before it calls what it sees a leak.
 */
export async function findLeaks(work: Work): Promise<Leak[]> {
  const seen = await lookForLeaks(work)
  if (seen.length === 0 || (work.ledger.gone.length === 0 && !seen.every(isHearsay))) return seen
  return settleLeaks(work, seen, () => lookForLeaks(work))
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

async function lookForLeaks(work: Work): Promise<Leak[]> {
  const ours = work.inputs.clusters.filter(({ provider }) => provider === 'kops')
  const [inClusters, buckets] = await Promise.all([
    Promise.all(ours.map(({ fullName, region }) => lookForRemains(work, fullName, region))),
    lookForBuckets(work),
  ])
  return [...inClusters.flat(), ...buckets]
}

/** What there is of a cluster in AWS, its bucket aside. */
export async function lookForRemains(
  { aws }: Pick<Work, 'aws'>,
  fullName: string,
  region: string,
): Promise<Leak[]> {
  return judgeRemains(fullName, region, await lookAtCluster(aws, fullName, region))
}

/** Buckets of this environment that no cluster of the input has: empty ones are left over, others are in use. */
async function lookForBuckets({ aws, inputs, job }: Work): Promise<Leak[]> {
  const own = new Set(inputs.clusters.map(bucketOf))
  const tags = {
    'meridian:environment': ownerOf(inputs),
    ...(job.run.repository !== '' && { 'meridian:owner': job.run.repository }),
  }
  const regions = [...new Set(inputs.clusters.map(({ region }) => region))]
  const found = (await Promise.all(regions.map(region => taggedResources(aws, region, tags)))).flat()
  const others = found.filter(
    ({ type, id }) => type === 's3' && !own.has(id) && id.endsWith(`.${inputs.domain}-state`),
  )
  const judged = await Promise.all(
    others.map(async ({ arn, id, region }) => {
      const used = await configuredClusters(s3(aws, region), id)
      return used.length > 0 ? [] : [{ id: arn, type: 's3', region, hourlyCost: 0, cluster: '' }]
    }),
  )
  return judged.flat()
}
