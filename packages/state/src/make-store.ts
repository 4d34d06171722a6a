import type { Aws } from '@meridian/aws'
import { errorCode, isConflict, isThrottling } from '@meridian/aws'
import {
  type Identity,
  judgeClaim,
  type Mark,
  type Owned,
  readTags,
  type StoreLocation,
  unmarked,
  writeTags,
} from '@meridian/identity'
import { type Job, retry } from '@meridian/runner'
import { makeBucket } from './bucket-make.ts'
import { bucketSettings, readBucketTags } from './bucket-settings.ts'
import { openStore, type Store, storeClient } from './store.ts'

type MakeJob = Pick<Job, 'signal' | 'deadline' | 'log'>

export type NewStore = {
  readonly location: StoreLocation
  readonly region: string
  readonly account: string
  /** Of the cluster that it is made for. */
  readonly mark: Mark
}

/**
 * Makes the bucket of a store, private, encrypted and versioned, with its mark from the first moment, and opens it. One
 * that somebody has made in the meantime is opened as it is.
 */
export async function makeStore(aws: Aws, wanted: NewStore, job: MakeJob): Promise<Store> {
  const { location, region, account, mark } = wanted
  const client = storeClient(aws, region, account)
  const bucket = { name: location.bucket, region, tags: writeTags(mark), account }
  const made = await makeBucket(client, bucket, job)
  const store: Store = { ...location, s3: client, region, account }
  if (made === 'created') for (const setting of bucketSettings) await insist(store, setting, job)
  if (made === 'created') return store
  return (await openStore(aws, location, { near: region, account })) ?? store
}

/** The store as one whose bucket this identity has made for this cluster; undefined if its tags do not say so. */
export async function ownBucket(store: Store, identity: Identity): Promise<Owned<Store> | undefined> {
  return judgeBucket(store, await readBucketTags(store.s3, store.bucket), identity)
}

/** The same by tags that were read. Pure. */
export function judgeBucket(
  store: Store,
  tags: Readonly<Record<string, string>>,
  identity: Identity,
): Owned<Store> | undefined {
  const reading = readTags(tags)
  // Version 0.1 tagged whatever it was given: its tags prove nothing, nor do those that name no cluster.
  const proof = reading.kind !== 'marked' || (reading.mark.schema >= 2 && reading.mark.cluster !== undefined)
  const claim = judgeClaim(store, proof ? reading : unmarked, { ...identity, account: store.account })
  return claim.kind === 'ours' ? claim.owned : undefined
}

/** Completes the settings of a bucket whose making was cut short. Writes only what is missing. */
export async function completeStore(store: Owned<Store>, job: MakeJob): Promise<void> {
  for (const setting of bucketSettings)
    if (!(await setting.isSet(store.s3, store.bucket))) await insist(store, setting, job)
}

/** S3 refuses a change while it is busy with another one, and may not know a new bucket everywhere at once. */
async function insist(store: Store, setting: (typeof bucketSettings)[number], job: MakeJob): Promise<void> {
  await retry(job, {
    what: `setting the ${setting.name} of ${store.bucket}`,
    attempt: () => setting.set(store.s3, store.bucket),
    retryable: error => isConflict(error) || isThrottling(error) || errorCode(error) === 'NoSuchBucket',
  })
}
