import { formatInstant, leaseKey, type Mark, writeClaim } from '@meridian/identity'
import { type Job, type Lease, type LeaseStore, newHolder, takeLease } from '@meridian/runner'
import { wasOvertaken } from './cluster-claim.ts'
import { describeSeen, isFree, type LeaseRecord } from './lease-record.ts'
import { leaseMilliseconds, readLease, removeLease, writeLease } from './lease-store.ts'
import { isBucketGone } from './read-object.ts'
import type { Store } from './store.ts'

export type LeaseRequest = {
  /** The cluster that is worked on. */
  readonly fullName: string
  readonly job: Pick<Job, 'signal' | 'deadline' | 'log' | 'action' | 'run' | 'env'>
  /** How long to wait for another holder, milliseconds; by default one look only. */
  readonly wait?: number | undefined
  /** How long it holds after its holder's last sign of life, milliseconds; five minutes unless told. */
  readonly duration?: number | undefined
  /** Whom the holder acts for: what a run that died here has left of a cluster is known by it. */
  readonly mark?: Mark | undefined
}

/** The right to change one cluster. */
export type ClusterLease = Lease & {
  readonly fullName: string
  /** Takes it back, so that nothing in the store tells of it: for who has it and then may not change the cluster. */
  discard(): Promise<void>
}

/**
 * Takes the lease on a cluster: an object beside the cluster's state, written on the condition that nobody else's is
 * there. Undefined if the bucket is not there (any more): then there is nothing to fight over. Throws a LeaseHeldError
 * that names the holder when the wait is over.
 */
export async function acquireLease(store: Store, request: LeaseRequest): Promise<ClusterLease | undefined> {
  const { fullName, job, wait = 0, duration: milliseconds = leaseMilliseconds, mark } = request
  const record: LeaseRecord = {
    ...newHolder(job),
    since: formatInstant(new Date()),
    milliseconds,
    renewals: 0,
    released: false,
    mark: mark === undefined ? '' : writeClaim(mark),
  }
  const { s3, bucket } = store
  const target = { bucket, key: leaseKey(store, fullName) }
  const versions = new Set<string | undefined>()
  const open = (signal: AbortSignal) => openLeaseObject(store, target.key, { record, versions, signal })
  try {
    const lease = await takeLease(job, { what: fullName, wait, milliseconds, open })
    const discard = async () => {
      if (await lease.abandon()) await removeLease(s3, target, versions)
    }
    return { ...lease, fullName, discard }
  } catch (error) {
    if (isBucketGone(error)) return undefined
    throw error
  }
}

/** The lease as an object of S3; notes the versions of it that are the holder's. */
function openLeaseObject(
  { s3, bucket }: Store,
  key: string,
  {
    record,
    versions,
    signal,
  }: { record: LeaseRecord; versions: Set<string | undefined>; signal: AbortSignal },
): LeaseStore {
  const target = { bucket, key }
  let { renewals } = record
  let over: string | undefined
  return {
    async look() {
      const seen = await readLease(s3, target, signal).catch(error => {
        // Of a bucket that goes while the lease is held, the lease has gone too.
        if (isBucketGone(error) && versions.size > 0) return undefined
        throw error
      })
      over = seen?.etag
      if (seen === undefined) return { whose: 'free' }
      if (seen.record.token !== record.token)
        return { whose: isFree(seen, record) ? 'free' : 'another', holder: describeSeen(seen) }
      versions.add(seen.versionId)
      return { whose: 'ours' }
    },
    async write(released) {
      const next = { ...record, renewals, released }
      // Counted also where the answer is lost: the next writing must have another ETag than that one.
      renewals += 1
      const written = await writeLease(s3, target, next, over, signal)
      over = written.etag
      versions.add(written.versionId)
    },
    isOvertaken: wasOvertaken,
  }
}
