import {
  type AwsAnswer,
  AwsError,
  type AwsRequest,
  children,
  header,
  parseXml,
  textOf,
} from '@meridian/lab-aws-protocol'
import { randomText, type World } from '@meridian/lab-world'
import type { Bucket, Upload } from './bucket.ts'
import { md5 } from './checksums.ts'
import { checkKey, encryptionOf } from './kms-keys.ts'
import { defaultLock } from './object-lock.ts'
import { checkWriteConditions, versionHeader } from './object-operations.ts'
import { byBytes } from './object-versions.ts'
import { keptHeaders, receiveObject } from './received-object.ts'
import { iso, s3Answer } from './s3-answer.ts'

/** Also a limit of AWS: only the last part may be smaller. */
const leastPartSize = 5 * 1024 * 1024

/** Begins an upload; its headers, and how it is encrypted, are settled here. */
export function createUpload(world: World, bucket: Bucket, key: string, request: AwsRequest): AwsAnswer {
  const id = randomText(world.random, 64)
  const sent = Object.fromEntries(Object.keys(request.headers).map(name => [name, header(request, name)]))
  const encryption = encryptionOf(bucket, request)
  checkKey(bucket, encryption)
  bucket.uploads.set(id, {
    id,
    key,
    startedAt: world.clock.now(),
    headers: { ...keptHeaders(sent), ...encryption },
    parts: new Map(),
  })
  return s3Answer('InitiateMultipartUploadResult', { Bucket: bucket.name, Key: key, UploadId: id })
}

/** Keeps part 1 to 10,000 of an upload; one that is sent again replaces the first. */
export function uploadPart(world: World, bucket: Bucket, key: string, request: AwsRequest): AwsAnswer {
  const upload = findUpload(bucket, key, request)
  const number = Number(request.query.get('partNumber'))
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw new AwsError(
      400,
      'InvalidArgument',
      'Part number must be an integer between 1 and 10000, inclusive',
    )
  }
  const { body, etag } = receiveObject(request)
  upload.parts.set(number, { body, etag, at: world.clock.now() })
  return { headers: { etag } }
}

/**
 * Makes an object of the parts that are listed. Its ETag is that of their MD5 sums, with their number behind it.
 */
export function completeUpload(world: World, bucket: Bucket, key: string, request: AwsRequest): AwsAnswer {
  const upload = findUpload(bucket, key, request)
  checkWriteConditions(bucket, key, request)
  const parts = children(parseXml(request.body.toString('utf8')), 'Part').map(node => ({
    number: Number(textOf(node, 'PartNumber')),
    etag: textOf(node, 'ETag') ?? '',
  }))
  const bodies = collectParts(upload, parts)
  const etag = `"${md5(Buffer.concat(bodies.map(md5))).toString('hex')}-${bodies.length}"`
  const at = world.clock.now()
  const object = {
    key,
    deleteMarker: false,
    body: Buffer.concat(bodies),
    etag,
    at,
    ...defaultLock(bucket, at),
  }
  const version = bucket.objects.put({ ...object, headers: upload.headers }, bucket.versioning)
  bucket.uploads.delete(upload.id)
  const answer = s3Answer('CompleteMultipartUploadResult', { Bucket: bucket.name, Key: key, ETag: etag })
  return { ...answer, headers: { ...answer.headers, ...versionHeader(bucket, version) } }
}

function collectParts(upload: Upload, wanted: { number: number; etag: string }[]): Buffer[] {
  const unordered = wanted.some((part, index) => part.number <= (wanted[index - 1]?.number ?? 0))
  if (wanted.length === 0 || unordered) {
    throw new AwsError(
      400,
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    )
  }
  return wanted.map(({ number, etag }, index) => {
    const part = upload.parts.get(number)
    if (!part || part.etag.replaceAll('"', '') !== etag.replaceAll('"', '')) {
      throw new AwsError(400, 'InvalidPart', 'One or more of the specified parts could not be found.')
    }
    if (index < wanted.length - 1 && part.body.length < leastPartSize) {
      throw new AwsError(
        400,
        'EntityTooSmall',
        'Your proposed upload is smaller than the minimum allowed size',
      )
    }
    return part.body
  })
}

/** Drops an upload and its parts. */
export function abortUpload(bucket: Bucket, key: string, request: AwsRequest): AwsAnswer {
  bucket.uploads.delete(findUpload(bucket, key, request).id)
  return { status: 204 }
}

/** A page of the uploads that are neither completed nor aborted, by key, then by age. */
export function listUploads(bucket: Bucket, { query }: AwsRequest): AwsAnswer {
  const prefix = query.get('prefix') ?? ''
  const keyMarker = query.get('key-marker') ?? ''
  const idMarker = query.get('upload-id-marker') ?? ''
  const most = Math.min(Number(query.get('max-uploads') ?? 1000), 1000)
  const inOrder = (a: Upload, b: Upload) =>
    byBytes(a.key, b.key) || a.startedAt - b.startedAt || byBytes(a.id, b.id)
  const all = [...bucket.uploads.values()].filter(({ key }) => key.startsWith(prefix)).sort(inOrder)
  const seen = all.findIndex(({ key, id }) => key === keyMarker && id === idMarker)
  const rest = seen < 0 ? all.filter(({ key }) => byBytes(key, keyMarker) > 0) : all.slice(seen + 1)
  const page = rest.slice(0, most)
  const more = rest.length > most
  return s3Answer('ListMultipartUploadsResult', {
    Bucket: bucket.name,
    KeyMarker: keyMarker,
    UploadIdMarker: idMarker,
    NextKeyMarker: more ? page.at(-1)?.key : undefined,
    NextUploadIdMarker: more ? page.at(-1)?.id : undefined,
    Prefix: prefix || undefined,
    MaxUploads: most,
    IsTruncated: more,
    Upload: page.map(({ key, id, startedAt }) => ({ Key: key, UploadId: id, Initiated: iso(startedAt) })),
  })
}

/** All parts of an upload, by number, in one page. */
export function listParts(bucket: Bucket, key: string, request: AwsRequest): AwsAnswer {
  const upload = findUpload(bucket, key, request)
  const parts = [...upload.parts].sort(([a], [b]) => a - b)
  return s3Answer('ListPartsResult', {
    Bucket: bucket.name,
    Key: key,
    UploadId: upload.id,
    IsTruncated: false,
    Part: parts.map(([PartNumber, { etag, body, at }]) => ({
      PartNumber,
      ETag: etag,
      Size: body.length,
      LastModified: iso(at),
    })),
  })
}

function findUpload(bucket: Bucket, key: string, request: AwsRequest): Upload {
  const upload = bucket.uploads.get(request.query.get('uploadId') ?? '')
  if (upload?.key === key) return upload
  throw new AwsError(
    404,
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  )
}
