import { s3 } from '@meridian/aws'
import type { Leak } from '@meridian/inventory'
import { messageOf } from '@meridian/runner'
import { purgeStateBucket } from '@meridian/state'
import type { FoundCluster } from './survey.ts'
import type { Work } from './work.ts'

/**
 * Deletes the state buckets, last of all: as long as something of a cluster is left, its bucket is what it can be
 * found and deleted by. A bucket with the state of other clusters stays. Returns what went wrong.
 */
export async function purgeState(
  work: Work,
  found: readonly FoundCluster[],
  leaks: readonly Leak[],
): Promise<string[]> {
  const outcomes = await Promise.all(found.map(one => purgeOne(work, one, leaks)))
  return outcomes.flatMap(problem => problem ?? [])
}

async function purgeOne(
  { job, aws, ledger, leases: held }: Work,
  { cluster, bucket, neighbours }: FoundCluster,
  leaks: readonly Leak[],
): Promise<string | undefined> {
  if (bucket === undefined) return undefined
  if (neighbours.length > 0) {
    job.log.info(`${bucket.name} stays: it holds the state of ${neighbours.join(', ')}.`)
    return undefined
  }
  if (leaks.some(leak => leak.cluster === cluster.fullName)) {
    job.log.info(`${bucket.name} stays until nothing else of ${cluster.name} is left.`)
    return undefined
  }
  try {
    const lease = held.get(cluster.fullName)
    const client = s3(aws, bucket.region)
    const { removed, takenBy } = await purgeStateBucket(client, bucket.name, lease ? [lease] : [])
    if (takenBy !== undefined) job.log.info(`${bucket.name} was emptied and stays: ${takenBy}.`)
    else job.log.info(`${bucket.name}: deleted with ${removed} object versions`)
  } catch (error) {
    job.signal.throwIfAborted()
    return `${bucket.name}: ${messageOf(error)}`
  }
  ledger.deleted({ type: 'state-bucket', id: bucket.name, region: bucket.region })
  return undefined
}
