import {
  type AwsAnswer,
  AwsError,
  type AwsRequest,
  child,
  header,
  parseXml,
  textOf,
} from '@meridian/lab-aws-protocol'
import { findRegion } from '@meridian/lab-world'
import type { Bucket } from './bucket.ts'
import type { Buckets } from './buckets.ts'
import { iso, s3Answer } from './s3-answer.ts'
import { readTags } from './tags.ts'

/** The region of a new bucket: us-east-1 needs no constraint and lets one choose; elsewhere it must match. */
export function createBucket(buckets: Buckets, name: string, request: AwsRequest): AwsAnswer {
  const configuration = request.body.length > 0 ? parseXml(request.body.toString('utf8')) : undefined
  const constraint = textOf(configuration, 'LocationConstraint')
  const region = chooseRegion(constraint || undefined, request.region)
  const tags = readTags(child(configuration, 'Tags'))
  const bucket = buckets.create(name, { account: request.account, region }, tags)
  if (header(request, 'x-amz-bucket-object-lock-enabled') === 'true') {
    Object.assign(bucket, { objectLock: {}, versioning: 'Enabled' })
  }
  return { headers: { location: region === 'us-east-1' ? `/${name}` : `http://${name}.s3.amazonaws.com/` } }
}

function chooseRegion(constraint: string | undefined, endpoint: string): string {
  if (constraint !== undefined && (constraint === 'us-east-1' || !findRegion(constraint))) {
    throw new AwsError(400, 'InvalidLocationConstraint', 'The specified location-constraint is not valid', {
      details: { LocationConstraint: constraint },
    })
  }
  if (endpoint === 'us-east-1') return constraint ?? 'us-east-1'
  if (constraint === endpoint) return constraint
  throw new AwsError(
    400,
    'IllegalLocationConstraintException',
    `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  )
}

/** Deletes an empty bucket; 409 while there are objects, old versions or delete markers. */
export function deleteBucket(buckets: Buckets, bucket: Bucket): AwsAnswer {
  if (!bucket.objects.isEmpty()) {
    const versions = bucket.versioning === undefined ? '' : '. You must delete all versions in the bucket.'
    throw new AwsError(409, 'BucketNotEmpty', `The bucket you tried to delete is not empty${versions}`, {
      details: { BucketName: bucket.name },
    })
  }
  buckets.remove(bucket)
  return { status: 204 }
}

/** Whether there is such a bucket, and in which region. */
export function headBucket(bucket: Bucket): AwsAnswer {
  return { headers: { 'x-amz-bucket-region': bucket.region, 'content-type': 'application/xml' } }
}

/** A bucket's region; us-east-1 is told as nothing. */
export function getBucketLocation(bucket: Bucket): AwsAnswer {
  return s3Answer('LocationConstraint', bucket.region === 'us-east-1' ? '' : { '#text': bucket.region })
}

/** The buckets of the account, all regions together, in one page. */
export function listBuckets(buckets: Buckets, { account, query }: AwsRequest): AwsAnswer {
  const prefix = query.get('prefix') ?? ''
  const region = query.get('bucket-region')
  const found = buckets
    .list()
    .filter(bucket => bucket.account === account && bucket.name.startsWith(prefix))
    .filter(bucket => region === null || bucket.region === region)
  return s3Answer('ListAllMyBucketsResult', {
    Owner: { ID: account, DisplayName: 'lab' },
    Buckets: {
      Bucket: found.map(bucket => ({
        Name: bucket.name,
        CreationDate: iso(bucket.createdAt),
        BucketRegion: bucket.region,
      })),
    },
    Prefix: prefix || undefined,
  })
}
