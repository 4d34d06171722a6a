import { DeleteBucketCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import { errorCode, isNotFound } from '@meridian/aws'
import { UserError } from '@meridian/runner'
import { abortUploads, removeVersions } from './bucket-empty.ts'
import { hasClusterConfig } from './cluster-state.ts'
import type { Lease } from './lease.ts'
import { describeHolder, isFree } from './lease-record.ts'
import { leaseKey, listLeases } from './lease-store.ts'

/** Writers that are just ending may add a version while we remove them. */
const rounds = 5

export type Purged = {
  /** How many versions were removed. */
  readonly removed: number
  readonly existed: boolean
  /** Who has begun to use the bucket in the moment between its last object and itself: it is theirs now. */
  readonly takenBy?: string
}

/** The clusters whose config is in a state bucket; a bucket that is not there has none. */
export async function configuredClusters(s3: S3Client, bucket: string): Promise<string[]> {
  const names: string[] = []
  let ContinuationToken: string | undefined
  do {
    const page = await s3
      .send(new ListObjectsV2Command({ Bucket: bucket, Delimiter: '/', ContinuationToken }))
      .catch(absent)
    names.push(...(page?.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix.replace(/\/$/, '')))
    ContinuationToken = page?.NextContinuationToken
  } while (ContinuationToken !== undefined)
  const present = await Promise.all(names.map(name => hasClusterConfig(s3, bucket, name)))
  return names.filter((_, at) => present[at])
}

/**
 * Removes every version, delete marker and unfinished upload of a state bucket, and the bucket, the given leases of
 * this run last of all. Refuses with a UserError while a cluster's config is in it (without its state a cluster
 * could not be deleted any more) or another run works on one. The client must be of the bucket's region. No bucket
 * is a success.
 */
export async function purgeStateBucket(
  s3: S3Client,
  bucket: string,
  leases: readonly Lease[] = [],
): Promise<Purged> {
  let removed = 0
  try {
    const user = await findUser(s3, bucket, leases)
    if (user !== undefined) throw inUse(bucket, user)
    const own = new Set(leases.map(({ fullName }) => leaseKey(fullName)))
    await abortUploads(s3, bucket)
    removed += await removeVersions(s3, bucket, key => !own.has(key))
    for (const lease of leases) await lease.confirm()
    for (const lease of leases) lease.abandon()
    for (let round = 1; ; round += 1) {
      removed += await removeVersions(s3, bucket, key => own.has(key) || round > 1)
      try {
        await s3.send(new DeleteBucketCommand({ Bucket: bucket }))
        return { removed, existed: true }
      } catch (error) {
        if (errorCode(error) !== 'BucketNotEmpty' || round === rounds) throw error
      }
      // Our leases are gone, so whoever is here now came after them.
      const takenBy = await findUser(s3, bucket, [])
      if (takenBy !== undefined) return { removed, existed: true, takenBy }
      await abortUploads(s3, bucket)
    }
  } catch (error) {
    // Another run may take the bucket away while this one empties it.
    if (isNotFound(error)) return { removed, existed: removed > 0 }
    throw error
  }
}

/** Why a bucket may not go: the clusters that need it, or who else works on one of its clusters. */
async function findUser(s3: S3Client, bucket: string, own: readonly Lease[]): Promise<string | undefined> {
  const clusters = await configuredClusters(s3, bucket)
  if (clusters.length > 0) return `it still holds the state of ${clusters.join(', ')}`
  const mine = new Set(own.map(({ fullName }) => leaseKey(fullName)))
  const [other] = [...(await listLeases(s3, bucket))].filter(
    ([key, seen]) => !mine.has(key) && !isFree(seen, { run: '', attempt: 0 }),
  )
  return other && `it is used by ${describeHolder(other[1])}`
}

function inUse(bucket: string, user: string): UserError {
  return new UserError(`the state bucket ${bucket} stays: ${user}`, {
    fix: 'Delete these clusters first: run teardown with all of them. If another run is named, wait for it.',
  })
}

function absent(error: unknown): undefined {
  if (isNotFound(error)) return undefined
  throw error
}
