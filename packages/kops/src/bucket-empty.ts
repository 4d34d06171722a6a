import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectIdentifier,
  type S3Client,
} from '@aws-sdk/client-s3'
import { isNotFound } from '@meridian/aws'
import { UserError } from '@meridian/runner'

/** Removes all versions and delete markers whose key is wanted; returns how many. Throws if any of them stays. */
export async function removeVersions(
  s3: S3Client,
  bucket: string,
  wanted: (key: string) => boolean,
): Promise<number> {
  let removed = 0
  let page: ListObjectVersionsCommandOutput | undefined
  do {
    page = await s3.send(
      new ListObjectVersionsCommand({
        Bucket: bucket,
        KeyMarker: page?.NextKeyMarker,
        VersionIdMarker: page?.NextVersionIdMarker,
      }),
    )
    const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]
      .filter(({ Key = '' }) => wanted(Key))
      .map(({ Key = '', VersionId }): ObjectIdentifier => ({ Key, VersionId }))
    if (objects.length > 0) await removeObjects(s3, bucket, objects)
    removed += objects.length
  } while (page.IsTruncated)
  return removed
}

/** S3 answers 200 also where it has deleted only some of what it was asked to. */
async function removeObjects(s3: S3Client, Bucket: string, Objects: ObjectIdentifier[]): Promise<void> {
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

/** Ends all unfinished uploads: their parts are in no listing of objects, but are paid for. */
export async function abortUploads(s3: S3Client, Bucket: string): Promise<void> {
  let page: ListMultipartUploadsCommandOutput | undefined
  do {
    page = await s3.send(
      new ListMultipartUploadsCommand({
        Bucket,
        KeyMarker: page?.NextKeyMarker,
        UploadIdMarker: page?.NextUploadIdMarker,
      }),
    )
    for (const { Key, UploadId } of page.Uploads ?? []) {
      await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(gone)
    }
  } while (page.IsTruncated)
}

function gone(error: unknown): undefined {
  if (isNotFound(error)) return undefined
  throw error
}
