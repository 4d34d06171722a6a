import type { Aws } from '@meridian/aws'
import { errorCode, isAccessDenied, isConflict, isThrottling } from '@meridian/aws'
import {
  type Birth,
  type Identity,
  judgeClaim,
  makeMark,
  type Owned,
  readTags,
  type StoreLocation,
  unmarked,
  writeTags,
} from '@meridian/identity'
import { type Job, retry } from '@meridian/runner'
import { makeBucket } from './bucket-make.ts'
import { type BucketSetting, bucketSettings, readBucketTags } from './bucket-settings.ts'
import { openStore, type Store, storeClient } from './store.ts'

type MakeJob = Pick<Job, 'signal' | 'deadline' | 'log'>

export type NewStore = {
  readonly location: StoreLocation
  readonly region: string
  readonly account: string
  /** Whom it is made for, with the cluster. */
  readonly identity: Identity
  readonly birth?: Birth | undefined
  /** ARN of the key of KMS that is to encrypt it; S3's own by default. */
  readonly kmsKey?: string | undefined
}

/**
 * Makes the bucket of a store, private, encrypted and versioned, with its mark from the first moment, and opens it. One
 * that somebody has made in the meantime is opened as it is: in us-east-1 S3 says that it was made now in any case, so
 * only its tags tell. Undefined if it is gone again.
 */
export async function makeStore(aws: Aws, wanted: NewStore, job: MakeJob): Promise<Store | undefined> {
  const { location, region, account, identity, birth, kmsKey } = wanted
  const tags = writeTags(makeMark({ ...identity, account }, birth))
  const client = storeClient(aws, region, account)
  const made = await makeBucket(client, { name: location.bucket, region, tags, account }, job)
  const store =
    made === 'created'
      ? { ...location, s3: client, region, account }
      : await openStore(aws, location, { near: region, account })
  const own = store && judgeBucket(store, await readBucketTags(store.s3, store.bucket), identity)
  if (own !== undefined) await completeStore(own, job, kmsKey)
  return store
}

/**
 * The store as one whose bucket this identity has made, for the cluster that the identity names if it does; undefined if
 * its tags do not say so, or may not be read.
 */
export async function ownBucket(store: Store, identity: Identity): Promise<Owned<Store> | undefined> {
  return judgeBucket(store, await readBucketTags(store.s3, store.bucket).catch(unlessDenied), identity)
}

/** The same by tags that were read; undefined for those that may not be read. Pure. */
export function judgeBucket(
  store: Store,
  tags: Readonly<Record<string, string>> | undefined,
  identity: Identity,
): Owned<Store> | undefined {
  const reading = tags === undefined ? unmarked : readTags(tags)
  // Version 0.1 tagged whatever it was given: its tags prove nothing, nor do those that name no cluster.
  const proof = reading.kind !== 'marked' || (reading.mark.schema >= 2 && reading.mark.cluster !== undefined)
  const claim = judgeClaim(store, proof ? reading : unmarked, { ...identity, account: store.account })
  return claim.kind === 'ours' ? claim.owned : undefined
}

/** A bucket that others look after may keep its tags to itself. Then it is not shown to be ours. */
function unlessDenied(error: unknown): undefined {
  if (!isAccessDenied(error)) throw error
}

/** Completes the settings of a bucket whose making was cut short. Writes only what is missing. */
export async function completeStore(store: Owned<Store>, job: MakeJob, kmsKey?: string): Promise<void> {
  for (const setting of bucketSettings(kmsKey))
    if (!(await setting.isSet(store.s3, store.bucket))) await insist(store, setting, job)
}

/** S3 refuses a change while it is busy with another one, and may not know a new bucket everywhere at once. */
async function insist(store: Store, setting: BucketSetting, job: MakeJob): Promise<void> {
  await retry(job, {
    what: `setting the ${setting.name} of ${store.bucket}`,
    attempt: () => setting.set(store.s3, store.bucket),
    retryable: error => isConflict(error) || isThrottling(error) || errorCode(error) === 'NoSuchBucket',
  })
}
