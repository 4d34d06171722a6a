import { type AwsAnswer, AwsError, type AwsRequest, header } from '@meridian/lab-aws-protocol'
import type { Bucket } from './bucket.ts'
import { checkKey, encryptionOf } from './kms-keys.ts'
import { defaultLock, lockHeaders } from './object-lock.ts'
import type { Version } from './object-versions.ts'
import { receiveObject } from './received-object.ts'
import { noSuchKey, preconditionFailed } from './s3-error.ts'

/**
 * Writes an object if its conditions (`If-Match`, `If-None-Match`) hold and its checksums are right. Copies are not
 * played.
 */
export function putObject(bucket: Bucket, key: string, request: AwsRequest, now: number): AwsAnswer {
  if (header(request, 'x-amz-copy-source') !== undefined) {
    throw new AwsError(
      501,
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
    )
  }
  checkWriteConditions(bucket, key, request)
  const received = receiveObject(request)
  const encryption = encryptionOf(bucket, request)
  checkKey(bucket, encryption)
  const headers = { ...received.headers, ...encryption }
  const version = bucket.objects.put(
    { key, deleteMarker: false, at: now, ...received, headers, ...defaultLock(bucket, now) },
    bucket.versioning,
  )
  return { headers: { etag: version.etag, ...versionHeader(bucket, version), ...encryption } }
}

/** Conditional writes: `If-None-Match: *` only for a new key, `If-Match` only over the version one has seen. */
export function checkWriteConditions(bucket: Bucket, key: string, request: AwsRequest): void {
  const latest = bucket.objects.latest(key)
  const current = latest?.deleteMarker ? undefined : latest
  if (header(request, 'if-none-match') === '*' && current) throw preconditionFailed('If-None-Match')
  const expected = header(request, 'if-match')
  if (expected === undefined) return
  if (!current) throw noSuchKey(key)
  if (expected !== '*' && !isSameTag(expected, current.etag)) throw preconditionFailed('If-Match')
}

/** Conditional deletion: `If-Match` is about the current version, whatever version is deleted. */
export function checkDeleteCondition(bucket: Bucket, key: string, expected: string | undefined): void {
  if (expected === undefined) return
  const latest = bucket.objects.latest(key)
  const current = latest?.deleteMarker ? undefined : latest
  if (!current && expected !== '*') throw noSuchKey(key)
  if (!current || !isSameTag(expected, current.etag)) throw preconditionFailed('If-Match')
}

/** Reads an object or a range of it; 304 and 412 as its conditions say. */
export function getObject(bucket: Bucket, key: string, request: AwsRequest): AwsAnswer {
  const version = findReadable(bucket, key, request.query.get('versionId'))
  const ifMatch = header(request, 'if-match')
  if (ifMatch !== undefined && !isSameTag(ifMatch, version.etag)) throw preconditionFailed('If-Match')
  const ifNoneMatch = header(request, 'if-none-match')
  if (ifNoneMatch !== undefined && isSameTag(ifNoneMatch, version.etag)) {
    return { status: 304, headers: { etag: version.etag } }
  }
  const headers = {
    'content-type': 'binary/octet-stream',
    etag: version.etag,
    'last-modified': new Date(version.at).toUTCString(),
    'accept-ranges': 'bytes',
    'x-amz-server-side-encryption': 'AES256',
    ...storedHeaders(version, request),
    ...versionHeader(bucket, version),
    ...lockHeaders(version),
  }
  return cutRange(version.body, header(request, 'range'), headers)
}

/**
 * The version that is asked for, the latest by default. Throws for a delete marker: 405 by its id, 404 without.
 */
export function findReadable(bucket: Bucket, key: string, versionId: string | null): Version {
  if (versionId !== null) {
    const version = bucket.objects.find(key, versionId)
    if (!version) throw new AwsError(404, 'NoSuchVersion', 'The specified version does not exist.')
    if (!version.deleteMarker) return version
    throw new AwsError(
      405,
      'MethodNotAllowed',
      'The specified method is not allowed against this resource.',
      {
        headers: { 'x-amz-delete-marker': 'true' },
      },
    )
  }
  const latest = bucket.objects.latest(key)
  if (!latest) throw noSuchKey(key)
  if (latest.deleteMarker) {
    throw noSuchKey(key, { 'x-amz-delete-marker': 'true', 'x-amz-version-id': latest.versionId })
  }
  return latest
}

// Checksums are told only to those who ask, and only of whole objects.
function storedHeaders(version: Version, request: AwsRequest): Record<string, string> {
  const wanted =
    header(request, 'x-amz-checksum-mode') === 'ENABLED' && header(request, 'range') === undefined
  const entries = Object.entries(version.headers).filter(
    ([name]) => wanted || !name.startsWith('x-amz-checksum'),
  )
  return Object.fromEntries(entries)
}

function cutRange(body: Buffer, range: string | undefined, headers: Record<string, string>): AwsAnswer {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) {
    return { headers: { ...headers, 'content-length': String(body.length) }, body }
  }
  const begin = first === '' ? Math.max(body.length - Number(last), 0) : Number(first)
  const end = first === '' || last === '' ? body.length - 1 : Math.min(Number(last), body.length - 1)
  if (begin > end) throw new AwsError(416, 'InvalidRange', 'The requested range is not satisfiable')
  const part = body.subarray(begin, end + 1)
  const contentRange = `bytes ${begin}-${end}/${body.length}`
  return {
    status: 206,
    headers: { ...headers, 'content-range': contentRange, 'content-length': String(part.length) },
    body: part,
  }
}

function isSameTag(given: string, etag: string): boolean {
  return given === '*' || given.replaceAll('"', '') === etag.replaceAll('"', '')
}

/** The header that tells a version's id; buckets that never were versioned send none. */
export function versionHeader(bucket: Bucket, version: Version): Record<string, string> {
  return bucket.versioning === undefined ? {} : { 'x-amz-version-id': version.versionId }
}
