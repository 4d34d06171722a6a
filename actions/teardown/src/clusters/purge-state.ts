import type { Leak } from '@meridian/inventory'
import { messageOf } from '@meridian/runner'
import { type Purged, purgeCluster, type Store } from '@meridian/state'
import { stateThing } from '../ledger.ts'
import { type FoundCluster, ownState } from '../survey/cluster.ts'
import { removeBucket } from '../survey/notices.ts'
import type { Work } from '../work.ts'
import type { Failures } from './delete-clusters.ts'

/**
 * Deletes the state of the run's own clusters, last of all: as long as something of a cluster is left, its state is what
 * it can be found and deleted by. What else is in its store stays. Returns what went wrong.
 */
export async function purgeState(
  work: Work,
  found: readonly FoundCluster[],
  { leaks, failures }: { leaks: readonly Leak[]; failures: Failures },
): Promise<string[]> {
  const outcomes = await Promise.all(
    found.map(one => {
      const { fullName, name } = one.cluster
      if (failures.has(fullName)) return undefined
      if (!leaks.some(leak => leak.cluster === fullName)) return purgeOne(work, one)
      work.job.log.info(`The state of ${name} stays until nothing else of it is left.`)
      return undefined
    }),
  )
  return outcomes.flatMap(problem => problem ?? [])
}

async function purgeOne(work: Work, found: FoundCluster): Promise<string | undefined> {
  const { job, ledger, leases, identity } = work
  const { cluster, store, bucket } = found
  const lease = leases.get(cluster.fullName)
  const state = ownState(found)
  if (store === undefined || state === undefined || lease === undefined) return undefined
  try {
    tell(work, found, store, await purgeCluster(state, identity, lease, bucket))
  } catch (error) {
    job.signal.throwIfAborted()
    return `the state of ${cluster.fullName}: ${messageOf(error)}`
  }
  ledger.deleted(stateThing(store, cluster))
  return undefined
}

function tell({ job, ledger }: Work, found: FoundCluster, store: Store, { removed, bucket }: Purged): void {
  const thing = { type: 'state-bucket', id: store.bucket, region: store.region } as const
  const versions = `${removed} object versions`
  if (bucket.deleted) {
    job.log.info(`${store.bucket}: deleted with ${versions}`)
    ledger.deleted(thing)
    return
  }
  ledger.forget(thing)
  const advice = found.surroundings.neighbours.length > 0 ? '' : ` ${removeBucket(store)}`
  job.log.info(
    `${found.cluster.name}: ${versions} of its state are deleted. ${store.bucket} stays: ${bucket.why}.${advice}`,
  )
}
