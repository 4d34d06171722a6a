import type { S3Client } from '@aws-sdk/client-s3'
import { errorCode, isConflict, isThrottling } from '@meridian/aws'
import { type Job, retry, UserError } from '@meridian/runner'
import { findStateBucket } from './bucket-find.ts'
import { makeBucket } from './bucket-make.ts'
import { bucketSettings, readBucketTags, writeBucketTags } from './bucket-settings.ts'

export type StateBucketRequest = {
  readonly name: string
  readonly region: string
  /** The birth certificate; its `meridian:environment` decides whose the bucket is. */
  readonly tags: Readonly<Record<string, string>>
  readonly job: Pick<Job, 'signal' | 'deadline' | 'log'>
}

/** What there is now, and the tags that it has. */
export type EnsuredBucket = {
  readonly state: 'created' | 'present'
  readonly tags: Readonly<Record<string, string>>
}

const ownerTag = 'meridian:environment'

/**
 * Makes the state bucket, or adopts the one that is there: tagged, private, encrypted, versioned. Writes only what
 * is missing, so that a second run writes nothing. Throws a UserError for a bucket in another region, of another
 * account or of another environment.
 */
export async function ensureStateBucket(s3: S3Client, request: StateBucketRequest): Promise<EnsuredBucket> {
  const { name } = request
  const found = await findStateBucket(s3, name)
  if (found !== undefined && found.region !== request.region) throw wrongRegion(request, found.region)
  const state = found === undefined ? await makeBucket(s3, request, request.job) : 'present'
  const before = await readBucketTags(s3, name)
  refuseForeign(request, before)
  // What an earlier run certified stays as it is. A bucket that was made otherwise has no certificate yet.
  const certified = before[ownerTag] !== undefined
  const tags = certified ? before : { ...before, ...request.tags }
  if (!certified) await insist(request, 'tags', () => writeBucketTags(s3, name, tags))
  for (const setting of bucketSettings) {
    if (state === 'present' && (await setting.isSet(s3, name))) continue
    await insist(request, setting.name, () => setting.set(s3, name))
  }
  return { state, tags }
}

/**
 * Replaces the birth certificate of a bucket whose cluster is gone by that of the one that is about to be made: an
 * old one could expire it at once. Other tags stay. Returns the tags that it then has.
 */
export async function renewCertificate(
  s3: S3Client,
  request: StateBucketRequest,
  before: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const others = Object.entries(before).filter(([key]) => !key.startsWith('meridian:'))
  const tags = { ...Object.fromEntries(others), ...request.tags }
  await insist(request, 'tags', () => writeBucketTags(s3, request.name, tags))
  return tags
}

function wrongRegion(request: StateBucketRequest, region: string): UserError {
  return new UserError(
    `the state bucket ${request.name} is in ${region}, but the cluster is to be in ${request.region}`,
    {
      fix: 'Use zones of that region, run teardown for the cluster that it was made for, or choose another bucket with state-bucket.',
      input: 'zones',
    },
  )
}

function refuseForeign(request: StateBucketRequest, tags: Readonly<Record<string, string>>): void {
  const owner = tags[ownerTag]
  const wanted = request.tags[ownerTag]
  if (owner === undefined || owner === wanted) return
  throw new UserError(
    `the state bucket ${request.name} belongs to the environment '${owner}', not to '${wanted}'`,
    {
      fix: 'Correct the input environment, or choose another bucket with state-bucket.',
      input: 'environment',
    },
  )
}

/** S3 refuses a change while it is busy with another one, and may not know a new bucket everywhere at once. */
async function insist(
  request: StateBucketRequest,
  setting: string,
  attempt: () => Promise<unknown>,
): Promise<void> {
  await retry(request.job, {
    what: `setting the ${setting} of ${request.name}`,
    attempt,
    retryable: error => isConflict(error) || isThrottling(error) || errorCode(error) === 'NoSuchBucket',
  })
}
