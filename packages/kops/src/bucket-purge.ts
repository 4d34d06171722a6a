import {
  AbortMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
  type S3Client,
} from '@aws-sdk/client-s3'
import { errorCode, isNotFound } from '@meridian/aws'
import { UserError } from '@meridian/runner'
import { hasClusterConfig } from './cluster-state.ts'

/** Writers that are just ending may add a version while we remove them. */
const rounds = 5

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
 * Removes every version, delete marker and unfinished upload of a state bucket, and the bucket. Refuses with a
 * UserError while a cluster's config is in it: without its state a cluster could not be deleted any more. The
 * client must be of the bucket's region. Returns how many versions it removed; no bucket is a success.
 */
export async function purgeStateBucket(
  s3: S3Client,
  bucket: string,
): Promise<{ removed: number; existed: boolean }> {
  const clusters = await configuredClusters(s3, bucket)
  if (clusters.length > 0) {
    throw new UserError(`the state bucket ${bucket} still holds the state of ${clusters.join(', ')}`, {
      fix: 'Delete these clusters first: run teardown with all of them.',
    })
  }
  let removed = 0
  for (let round = 1; ; round += 1) {
    try {
      removed += await emptyBucket(s3, bucket)
      await s3.send(new DeleteBucketCommand({ Bucket: bucket }))
      return { removed, existed: true }
    } catch (error) {
      // Another run may take the bucket away while this one empties it.
      if (isNotFound(error)) return { removed, existed: removed > 0 }
      if (errorCode(error) !== 'BucketNotEmpty' || round === rounds) throw error
    }
  }
}

async function emptyBucket(s3: S3Client, bucket: string): Promise<number> {
  await abortUploads(s3, bucket)
  let removed = 0
  for (;;) {
    // Always the first page: what it listed is gone when it is asked for again.
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket })).catch(absent)
    const objects = [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
      Key,
      VersionId,
    }))
    if (objects.length === 0) return removed
    await removeVersions(s3, bucket, objects as ObjectIdentifier[])
    removed += objects.length
  }
}

async function removeVersions(s3: S3Client, Bucket: string, Objects: ObjectIdentifier[]): Promise<void> {
  const { Errors = [] } = await s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
  )
  const [first] = Errors
  if (first === undefined) return
  throw new UserError(
    `S3 did not delete ${Errors.length} of ${Objects.length} objects of ${Bucket}: ${first.Key}: ${first.Message ?? first.Code}`,
    {
      fix: 'Allow s3:DeleteObject and s3:DeleteObjectVersion on the bucket, lift any object lock, and run teardown again.',
    },
  )
}

async function abortUploads(s3: S3Client, Bucket: string): Promise<void> {
  const page = await s3.send(new ListMultipartUploadsCommand({ Bucket })).catch(absent)
  for (const { Key, UploadId } of page?.Uploads ?? []) {
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(absent)
  }
}

function absent(error: unknown): undefined {
  if (isNotFound(error)) return undefined
  throw error
}
