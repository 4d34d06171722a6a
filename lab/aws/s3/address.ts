import type { AwsRequest } from '@meridian/lab-aws-protocol'

/** The bucket and key of a request; both are '' where the request names none. */
export type Address = { bucket: string; key: string }

/** Reads both styles: `host/bucket/key`, and `bucket.s3.region.amazonaws.com/key` (or `bucket.localhost/key`). */
export function readAddress({ host, path }: Pick<AwsRequest, 'host' | 'path'>): Address {
  const inHost = /^(.+)\.(?:s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com|localhost)$/.exec(host)?.[1]
  const decoded = path.slice(1)
  if (inHost !== undefined) return { bucket: inHost, key: decodeURIComponent(decoded) }
  const slash = decoded.indexOf('/')
  if (slash < 0) return { bucket: decodeURIComponent(decoded), key: '' }
  return {
    bucket: decodeURIComponent(decoded.slice(0, slash)),
    key: decodeURIComponent(decoded.slice(slash + 1)),
  }
}
