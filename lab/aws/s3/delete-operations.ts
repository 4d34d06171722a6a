import {
  type AwsAnswer,
  AwsError,
  type AwsRequest,
  children,
  header,
  parseXml,
  textOf,
  type XmlInput,
} from '@meridian/lab-aws-protocol'
import type { Bucket } from './bucket.ts'
import { verifyChecksums } from './checksums.ts'
import { decodeBody } from './decode-body.ts'
import { refuseLocked } from './object-lock.ts'
import { checkDeleteCondition } from './object-operations.ts'
import { s3Answer } from './s3-answer.ts'
import { malformedXml } from './s3-error.ts'

type Removal = { versionId?: string; deleteMarker?: boolean; markerVersionId?: string }

/** With a version: removes it for good. Without: in a versioned bucket only a delete marker is put on top. */
function removeObject(bucket: Bucket, doomed: Doomed, request: AwsRequest, now: number): Removal {
  const { key, versionId, etag } = doomed
  checkDeleteCondition(bucket, key, etag)
  if (versionId !== undefined) {
    const version = bucket.objects.find(key, versionId)
    if (version) refuseLocked(version, request, now)
    const gone = bucket.objects.drop(key, versionId)
    return gone?.deleteMarker ? { versionId, deleteMarker: true, markerVersionId: versionId } : { versionId }
  }
  if (bucket.versioning === undefined) {
    bucket.objects.drop(key, 'null')
    return {}
  }
  const marker = { key, deleteMarker: true, body: Buffer.alloc(0), etag: '', at: now, headers: {} }
  return { deleteMarker: true, markerVersionId: bucket.objects.put(marker, bucket.versioning).versionId }
}

/**
 * Deletes a version, or the latest one: with versioning that only lays a delete marker on top. 204 if there is none.
 */
export function deleteObject(bucket: Bucket, key: string, request: AwsRequest, now: number): AwsAnswer {
  const versionId = request.query.get('versionId') ?? undefined
  const etag = header(request, 'if-match')
  const doomed = { key, ...(versionId !== undefined && { versionId }), ...(etag !== undefined && { etag }) }
  const removal = removeObject(bucket, doomed, request, now)
  const version = removal.markerVersionId ?? removal.versionId
  return {
    status: 204,
    headers: {
      ...(removal.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
      ...(version === undefined ? {} : { 'x-amz-version-id': version }),
    },
  }
}

/** Up to 1000 keys or versions in one request; those that fail are told in an answer of 200. */
export function deleteObjects(
  bucket: Bucket,
  request: AwsRequest,
  now: number,
  firstFails: () => boolean,
): AwsAnswer {
  const { objects, quiet } = readDeletion(request)
  const failed = firstFails() ? objects.slice(0, 1) : []
  const errors = failed.map(object => keyError(object, internalError))
  const deleted: XmlInput[] = []
  for (const object of objects.slice(failed.length)) {
    try {
      const removal = removeObject(bucket, object, request, now)
      deleted.push({
        Key: object.key,
        VersionId: removal.versionId,
        DeleteMarker: removal.deleteMarker,
        DeleteMarkerVersionId: removal.markerVersionId,
      })
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      errors.push(keyError(object, error))
    }
  }
  return s3Answer('DeleteResult', quiet ? { Error: errors } : { Deleted: deleted, Error: errors })
}

/** A missing permission is told key by key too. */
export function refuseEachDeletion(request: AwsRequest, error: AwsError): AwsAnswer {
  return s3Answer('DeleteResult', {
    Error: readDeletion(request).objects.map(object => keyError(object, error)),
  })
}

type Doomed = { key: string; versionId?: string; etag?: string }

const internalError = {
  code: 'InternalError',
  message: 'We encountered an internal error. Please try again.',
}

function readDeletion(request: AwsRequest): { objects: Doomed[]; quiet: boolean } {
  const { body: raw } = decodeBody(request)
  verifyChecksums(raw, request.headers as Record<string, string>)
  const body = parseXml(raw.toString('utf8'))
  const objects = children(body, 'Object').map(object => {
    const versionId = textOf(object, 'VersionId')
    const etag = textOf(object, 'ETag')
    return { key: textOf(object, 'Key') ?? '', ...(versionId && { versionId }), ...(etag && { etag }) }
  })
  if (objects.length === 0 || objects.length > 1000) throw malformedXml()
  return { objects, quiet: textOf(body, 'Quiet') === 'true' }
}

function keyError(
  { key, versionId }: Doomed,
  { code, message }: Pick<AwsError, 'code' | 'message'>,
): XmlInput {
  return { Key: key, VersionId: versionId, Code: code, Message: message }
}
