import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { type LeaseRecord, parseRecord, type SeenLease } from './lease-record.ts'
import { readObject } from './read-object.ts'

export const leaseMilliseconds = 5 * 60_000

export type LeaseTarget = { readonly bucket: string; readonly key: string }

/** The lease on a cluster, undefined if there is none. A bucket that is not there throws NoSuchBucket. */
export async function readLease(
  s3: S3Client,
  target: LeaseTarget,
  abortSignal?: AbortSignal,
): Promise<SeenLease | undefined> {
  const found = await readObject(s3, target, abortSignal)
  if (found === undefined) return undefined
  const { text, ...seen } = found
  return { record: parseRecord(text, leaseMilliseconds), ...seen }
}

/** What S3 says of a lease that was written. */
export type WrittenLease = { readonly etag: string; readonly versionId: string | undefined }

/** Writes a lease over the one of the given ETag, or where there is none; S3 refuses if it is another by now. */
export async function writeLease(
  s3: S3Client,
  target: LeaseTarget,
  record: LeaseRecord,
  over: string | undefined,
  abortSignal?: AbortSignal,
): Promise<WrittenLease> {
  const condition = over === undefined ? { IfNoneMatch: '*' } : { IfMatch: over }
  const command = new PutObjectCommand({
    Bucket: target.bucket,
    Key: target.key,
    Body: JSON.stringify(record),
    ContentType: 'application/json',
    ...condition,
  })
  const { ETag = '', VersionId } = await s3.send(command, { ...(abortSignal && { abortSignal }) })
  return { etag: ETag, versionId: VersionId }
}

/** Removes versions of a lease, oldest first: what it was before they were written it then is again. */
export async function removeLease(
  s3: S3Client,
  { bucket, key }: LeaseTarget,
  versions: ReadonlySet<string | undefined>,
): Promise<void> {
  for (const VersionId of versions)
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId }))
}
