import type { AwsError } from '../protocol/aws-error.ts'
import type { AwsAnswer, AwsRequest } from '../protocol/aws-request.ts'
import { children, parseXml, textOf, type XmlInput } from '../protocol/xml.ts'
import type { Bucket } from './bucket.ts'
import { verifyChecksums } from './checksums.ts'
import { decodeBody } from './decode-body.ts'
import { s3Answer } from './s3-answer.ts'
import { malformedXml } from './s3-error.ts'

type Removal = { versionId?: string; deleteMarker?: boolean; markerVersionId?: string }

/** With a version: removes it for good. Without: in a versioned bucket only a delete marker is put on top. */
function removeObject(bucket: Bucket, key: string, versionId: string | undefined, now: number): Removal {
  if (versionId !== undefined) {
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

export function deleteObject(bucket: Bucket, key: string, request: AwsRequest, now: number): AwsAnswer {
  const removal = removeObject(bucket, key, request.query.get('versionId') ?? undefined, now)
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
  const deleted = objects.slice(failed.length).map(({ key, versionId }) => {
    const removal = removeObject(bucket, key, versionId, now)
    return {
      Key: key,
      VersionId: removal.versionId,
      DeleteMarker: removal.deleteMarker,
      DeleteMarkerVersionId: removal.markerVersionId,
    }
  })
  const errors = failed.map(object => keyError(object, internalError))
  return s3Answer('DeleteResult', quiet ? { Error: errors } : { Deleted: deleted, Error: errors })
}

/** A missing permission is told key by key too. */
export function refuseEachDeletion(request: AwsRequest, error: AwsError): AwsAnswer {
  return s3Answer('DeleteResult', {
    Error: readDeletion(request).objects.map(object => keyError(object, error)),
  })
}

type Doomed = { key: string; versionId?: string }

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
    return { key: textOf(object, 'Key') ?? '', ...(versionId && { versionId }) }
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
