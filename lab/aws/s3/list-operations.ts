import type { AwsAnswer, AwsRequest, XmlInput } from '@meridian/lab-aws-protocol'
import type { Bucket } from './bucket.ts'
import { byBytes, type Version } from './object-versions.ts'
import { paginateKeys } from './paginate-keys.ts'
import { iso, s3Answer } from './s3-answer.ts'

/** Both versions of the listing: V2 goes on from a token, V1 from a marker. */
export function listObjects(bucket: Bucket, { query }: AwsRequest): AwsAnswer {
  const second = query.get('list-type') === '2'
  const token = query.get('continuation-token')
  const after = second ? (token && fromToken(token)) || query.get('start-after') : query.get('marker')
  const wanted = readQuery(query)
  const current = bucket.objects
    .all()
    .filter((version, index, all) => version.key !== all[index - 1]?.key && !version.deleteMarker)
  const page = paginateKeys(current, { ...wanted, isAfter: key => !after || byBytes(key, after) > 0 })
  const write = writer(query)
  const lastName = [page.entries.at(-1)?.key ?? '', page.prefixes.at(-1) ?? ''].sort(byBytes).at(-1) ?? ''
  return s3Answer('ListBucketResult', {
    ...describeQuery(bucket, query, wanted),
    KeyCount: second ? page.entries.length + page.prefixes.length : undefined,
    StartAfter: (second && query.get('start-after')) || undefined,
    ContinuationToken: token ?? undefined,
    IsTruncated: page.truncated,
    NextContinuationToken: second && page.truncated ? toToken(lastName) : undefined,
    NextMarker: !second && page.truncated && wanted.delimiter ? write(lastName) : undefined,
    Contents: page.entries.map(version => ({ ...describeVersion(version, write), ...storage(version) })),
    CommonPrefixes: page.prefixes.map(prefix => ({ Prefix: write(prefix) })),
  })
}

/** A page of all versions and delete markers: keys by their bytes, of each the latest first. */
export function listObjectVersions(bucket: Bucket, { query }: AwsRequest): AwsAnswer {
  const wanted = readQuery(query)
  const keyMarker = query.get('key-marker')
  const rest = afterVersion(bucket, keyMarker, query.get('version-id-marker'))
  const page = paginateKeys(rest, { ...wanted, isAfter: () => true })
  const write = writer(query)
  const isLatest = (version: Version) => bucket.objects.latest(version.key) === version
  const describe = (version: Version) => ({
    ...describeVersion(version, write),
    VersionId: version.versionId,
    IsLatest: isLatest(version),
    Owner: { ID: bucket.name },
  })
  return s3Answer('ListVersionsResult', {
    ...describeQuery(bucket, query, wanted),
    KeyMarker: keyMarker === null ? '' : write(keyMarker),
    VersionIdMarker: query.get('version-id-marker') ?? '',
    IsTruncated: page.truncated,
    NextKeyMarker: page.truncated ? write(page.last?.key ?? '') : undefined,
    NextVersionIdMarker: page.truncated ? page.last?.versionId : undefined,
    Version: page.entries
      .filter(entry => !entry.deleteMarker)
      .map(entry => ({ ...describe(entry), ...storage(entry) })),
    DeleteMarker: page.entries.filter(entry => entry.deleteMarker).map(describe),
    CommonPrefixes: page.prefixes.map(prefix => ({ Prefix: write(prefix) })),
  })
}

// A version marker alone means nothing; with a key it is the last version that was seen of that key. It may have been
// deleted since: whoever purges goes on from what he has just removed.
function afterVersion({ objects }: Bucket, key: string | null, versionId: string | null): Version[] {
  if (!key) return objects.all()
  const seen = versionId ? objects.ageOf(key, versionId) : undefined
  const isOlder = (version: Version) =>
    seen !== undefined && version.key === key && (objects.ageOf(key, version.versionId) ?? 0) < seen
  return objects.all().filter(version => byBytes(version.key, key) > 0 || isOlder(version))
}

type Wanted = { prefix: string; delimiter: string; most: number }

function readQuery(query: URLSearchParams): Wanted {
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    most: Math.min(Number(query.get('max-keys') ?? 1000), 1000),
  }
}

function describeQuery(bucket: Bucket, query: URLSearchParams, wanted: Wanted): Record<string, XmlInput> {
  const write = writer(query)
  return {
    Name: bucket.name,
    Prefix: write(wanted.prefix),
    Delimiter: wanted.delimiter ? write(wanted.delimiter) : undefined,
    MaxKeys: wanted.most,
    EncodingType: query.get('encoding-type') ?? undefined,
  }
}

function describeVersion(version: Version, write: (key: string) => string): Record<string, XmlInput> {
  return { Key: write(version.key), LastModified: iso(version.at) }
}

function storage(version: Version): Record<string, XmlInput> {
  return { ETag: version.etag, Size: version.body.length, StorageClass: 'STANDARD' }
}

function writer(query: URLSearchParams): (key: string) => string {
  if (query.get('encoding-type') !== 'url') return key => key
  return key => encodeURIComponent(key).replaceAll('%2F', '/')
}

const toToken = (key: string) => Buffer.from(key).toString('base64url')
const fromToken = (token: string) => Buffer.from(token, 'base64url').toString('utf8')
