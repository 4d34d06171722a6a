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
import { isOfKops } from './kops-folder.ts'
import { checkListing, type Store } from './store.ts'

type Version = { readonly Key: string; readonly VersionId: string | undefined; readonly isLatest: boolean }

/** Most objects that S3 deletes at once. */
const mostAtOnce = 1000

/** Every version and delete marker under a prefix, page by page. */
export async function* listVersions(store: Store, prefix: string): AsyncGenerator<Version[]> {
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
    checkListing(page.Name, store)
    const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]
    yield objects.map(({ Key = '', VersionId, IsLatest = false }) => ({ Key, VersionId, isLatest: IsLatest }))
  } while (page.IsTruncated)
}

/**
 * Removes all versions and delete markers of what kops has made in a cluster's folder, whose name ends in a slash; returns
 * how many. Throws if any of them stays, and between two pages when the signal says so.
 */
export async function emptyFolder(store: Store, folder: string, signal?: AbortSignal): Promise<number> {
  let removed = 0
  for await (const page of listVersions(store, folder)) {
    signal?.throwIfAborted()
    removed += await removeVersions(
      store,
      page.filter(({ Key }) => isIn(folder, Key)),
    )
  }
  return removed
}

/**
 * Removes some objects with all their versions. Those that S3 shows go in one last request, so that a run which dies here
 * leaves either all of them or none.
 */
export async function removeTogether(store: Store, keys: readonly string[]): Promise<number> {
  const found: Version[] = []
  for (const key of keys) {
    for await (const page of listVersions(store, key)) found.push(...page.filter(({ Key }) => Key === key))
  }
  const older = found.filter(({ isLatest }) => !isLatest)
  for (let at = 0; at < older.length; at += mostAtOnce)
    await removeVersions(store, older.slice(at, at + mostAtOnce))
  await removeVersions(
    store,
    found.filter(({ isLatest }) => isLatest),
  )
  return found.length
}

/** S3 answers 200 also where it has deleted only some of what it was asked to. */
async function removeVersions({ s3, bucket }: Store, versions: readonly Version[]): Promise<number> {
  if (versions.length === 0) return 0
  const Objects: ObjectIdentifier[] = versions.map(({ Key, VersionId }) => ({ Key, VersionId }))
  const { Errors = [] } = await s3.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
  )
  const [first] = Errors
  if (first === undefined) return versions.length
  throw new UserError(
    `S3 did not delete ${Errors.length} of ${Objects.length} objects of ${bucket}: ${first.Key}: ${first.Message ?? first.Code}`,
    {
      fix: 'Allow s3:DeleteObject and s3:DeleteObjectVersion there, lift any object lock, and run teardown again.',
    },
  )
}

/** Ends all unfinished uploads of kops' in a cluster's folder: their parts are in no listing of objects, but are paid for. */
export async function abortUploads(store: Store, folder: string): Promise<void> {
  const { s3, bucket } = store
  let page: ListMultipartUploadsCommandOutput | undefined
  do {
    page = await s3.send(
      new ListMultipartUploadsCommand({
        Bucket: bucket,
        Prefix: folder,
        KeyMarker: page?.NextKeyMarker,
        UploadIdMarker: page?.NextUploadIdMarker,
      }),
    )
    checkListing(page.Bucket, store)
    // S3 lists by prefix, and this deletes: what it answers is not taken on trust.
    for (const { Key = '', UploadId } of page.Uploads ?? []) {
      if (!isIn(folder, Key)) continue
      await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId })).catch(gone)
    }
  } while (page.IsTruncated)
}

/** What others have put there, or once had there, is theirs. */
function isIn(folder: string, key: string): boolean {
  return key === folder || (key.startsWith(folder) && isOfKops(key.slice(folder.length)))
}

function gone(error: unknown): undefined {
  if (isNotFound(error)) return undefined
  throw error
}
