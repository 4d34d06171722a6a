import { PutObjectCommand } from '@aws-sdk/client-s3'
import { errorCode, isAccessDenied, isNotFound } from '@meridian/aws'
import {
  claimKey,
  leaseKey,
  type Mark,
  type Reading,
  readClaim,
  unmarked,
  writeClaim,
} from '@meridian/identity'
import { readLease } from './lease-store.ts'
import { isBucketGone, readObject } from './read-object.ts'
import { foreignBucket, readText, type Store } from './store.ts'

/** What a cluster's claim says, and the version of it that was read. */
export type SeenClaim = { readonly reading: Reading; readonly etag: string | undefined }

/** Reads the claim object beside a cluster's state. */
export async function readClusterClaim(store: Store, fullName: string): Promise<SeenClaim> {
  return seenClaim(await readText(store, claimKey(store, fullName)))
}

/**
 * The same of a store that nobody has asked for yet: undefined if S3 says that there is no such bucket. Throws a UserError for one
 * of another account than it should be of.
 */
export async function seekClusterClaim(store: Store, fullName: string): Promise<SeenClaim | undefined> {
  const { s3, bucket, account } = store
  try {
    return seenClaim(await readObject(s3, { bucket, key: claimKey(store, fullName) }))
  } catch (error) {
    if (isBucketGone(error)) return undefined
    throw isAccessDenied(error) ? foreignBucket(bucket, account, error) : error
  }
}

function seenClaim(found: { text: string; etag: string } | undefined): SeenClaim {
  if (found === undefined) return { reading: unmarked, etag: undefined }
  return { reading: readClaim(found.text), etag: found.etag }
}

/**
 * Writes a claim on the condition that what was read before is still there. False if another run has written one
 * meanwhile: it is to be read, and judged, again.
 */
export async function writeClusterClaim(
  store: Store,
  fullName: string,
  mark: Mark,
  over: string | undefined,
): Promise<boolean> {
  const body = writeClaim(mark)
  try {
    await store.s3.send(
      new PutObjectCommand({
        Bucket: store.bucket,
        Key: claimKey(store, fullName),
        Body: body,
        ContentType: 'application/json',
        ...(over === undefined ? { IfNoneMatch: '*' } : { IfMatch: over }),
      }),
    )
    return true
  } catch (error) {
    if (!wasOvertaken(error)) throw error
    // A write of ours may have been carried out although its answer was lost.
    return (await readText(store, claimKey(store, fullName)))?.text === body
  }
}

/**
 * Whom the lease beside a cluster's state was taken for: of a run that died before it wrote its claim, or after it removed
 * it, there is nothing else.
 */
export async function readLeaseMark(store: Store, fullName: string): Promise<Reading> {
  const seen = await readLease(store.s3, { bucket: store.bucket, key: leaseKey(store, fullName) })
  return seen === undefined || seen.record.mark === '' ? unmarked : readClaim(seen.record.mark)
}

/** S3's answers when the object is not, or no longer, what the condition of a write says. */
export function wasOvertaken(error: unknown): boolean {
  return isNotFound(error) || ['PreconditionFailed', 'ConditionalRequestConflict'].includes(errorCode(error))
}
