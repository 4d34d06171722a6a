import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type ObjectIdentifier,
} from '@aws-sdk/client-s3'
import { isNotFound } from '@meridian/aws'
import { UserError } from '@meridian/runner'
import { checkListing, type Store } from './store.ts'

/** Every version and delete marker under a prefix, page by page. */
export async function* listVersions(store: Store, prefix: string): AsyncGenerator<ObjectIdentifier[]> {
  let page: ListObjectVersionsCommandOutput | undefined
  do {
    page = await store.s3.send(
      new ListObjectVersionsCommand({
        Bucket: store.bucket,
        Prefix: prefix,
        KeyMarker: page?.NextKeyMarker,
        VersionIdMarker: page?.NextVersionIdMarker,
      }),
    )
    checkListing(page, store)
    const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]
    yield objects.map(({ Key = '', VersionId }) => ({ Key, VersionId }))
  } while (page.IsTruncated)
}

/**
 * Removes all versions and delete markers under a prefix that ends in a slash, or of one key; returns how many. Throws
 * if any of them stays.
 */
export async function removeVersions(store: Store, keyOrPrefix: string): Promise<number> {
  const isWanted = (key: string) =>
    keyOrPrefix.endsWith('/') ? key.startsWith(keyOrPrefix) : key === keyOrPrefix
  let removed = 0
  for await (const page of listVersions(store, keyOrPrefix)) {
    const objects = page.filter(({ Key = '' }) => isWanted(Key))
    if (objects.length > 0) await removeObjects(store, objects)
    removed += objects.length
  }
  return removed
}

/** S3 answers 200 also where it has deleted only some of what it was asked to. */
async function removeObjects({ s3, bucket }: Store, Objects: ObjectIdentifier[]): Promise<void> {
  const { Errors = [] } = await s3.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
  )
  const [first] = Errors
  if (first === undefined) return
  throw new UserError(
    `S3 did not delete ${Errors.length} of ${Objects.length} objects of ${bucket}: ${first.Key}: ${first.Message ?? first.Code}`,
    {
      fix: 'Allow s3:DeleteObject and s3:DeleteObjectVersion there, lift any object lock, and run teardown again.',
    },
  )
}

/** Ends all unfinished uploads under a prefix: their parts are in no listing of objects, but are paid for. */
export async function abortUploads({ s3, bucket }: Store, prefix: string): Promise<void> {
  let page: ListMultipartUploadsCommandOutput | undefined
  do {
    page = await s3.send(
      new ListMultipartUploadsCommand({
        Bucket: bucket,
        Prefix: prefix,
        KeyMarker: page?.NextKeyMarker,
        UploadIdMarker: page?.NextUploadIdMarker,
      }),
    )
    for (const { Key, UploadId } of page.Uploads ?? []) {
      await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId })).catch(gone)
    }
  } while (page.IsTruncated)
}

function gone(error: unknown): undefined {
  if (isNotFound(error)) return undefined
  throw error
}
