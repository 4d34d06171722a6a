import { Route53Client, type Route53ClientConfig } from '@aws-sdk/client-route-53'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import type { Aws } from '../credentials/aws.ts'
import { explainRefusals } from './explain-refusals.ts'

/** Route 53's control plane answers in us-east-1, wherever the caller is. */
const globalRegion = 'us-east-1'

/** A client of Route 53, whose refusals name the missing permission. */
export function route53(aws: Aws, overrides: Route53ClientConfig = {}): Route53Client {
  return explainRefusals('route53', new Route53Client({ ...aws.settings(globalRegion), ...overrides }))
}

/** `region` is the bucket's own; the client follows it if S3 names another. */
export function s3(aws: Aws, region: string, overrides: S3ClientConfig = {}): S3Client {
  // An endpoint of one's own has no name for each bucket, and a dotted name fits no wildcard certificate.
  const forcePathStyle = aws.endpoint('S3') !== undefined
  const client = new S3Client({
    followRegionRedirects: true,
    forcePathStyle,
    ...aws.settings(region),
    ...overrides,
  })
  return explainRefusals('s3', client)
}
