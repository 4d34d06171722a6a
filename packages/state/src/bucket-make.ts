import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3'
import { errorCode, isConflict, isNotFound } from '@meridian/aws'
import { type Done, done, type Job, UserError, type Waiting, waitFor, waiting } from '@meridian/runner'
import { foreignBucket } from './store.ts'

/** S3 keeps a deleted bucket's name to itself for minutes, at worst an hour. */
const settleMilliseconds = 10 * 60_000

type Made = 'created' | 'present'

type NewBucket = {
  readonly name: string
  readonly region: string
  readonly account: string
  readonly tags: Readonly<Record<string, string>>
}

/**
 * Makes a bucket, with its tags from the first moment, and waits until S3 shows it; `present` if this account has
 * made it in the meantime.
 */
export async function makeBucket(
  s3: S3Client,
  bucket: NewBucket,
  job: Pick<Job, 'signal' | 'deadline' | 'log'>,
): Promise<Made> {
  const made = await waitFor<Made>(job, {
    what: `making the bucket ${bucket.name}`,
    fix: 'S3 frees the name of a deleted bucket within an hour: run again then, or choose another with state-store.',
    timeout: settleMilliseconds,
    probe: () => tryToMake(s3, bucket),
  })
  await waitFor(job, {
    what: `the new bucket ${bucket.name}`,
    fix: 'Run again.',
    timeout: settleMilliseconds,
    probe: async () => ((await isShown(s3, bucket.name)) ? done(true) : waiting('S3 does not show it yet')),
  })
  return made
}

async function isShown(s3: S3Client, Bucket: string): Promise<boolean> {
  try {
    return (await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 }))).Name === Bucket
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}

async function tryToMake(s3: S3Client, bucket: NewBucket): Promise<Done<Made> | Waiting> {
  const { name, region, tags } = bucket
  try {
    // A bucket that names no place goes to us-east-1, and S3 refuses that name as a place.
    const place = region === 'us-east-1' ? {} : { LocationConstraint: region as BucketLocationConstraint }
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
    const CreateBucketConfiguration = { ...place, ...(Tags.length > 0 && { Tags }) }
    await s3.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration }))
    return done('created')
  } catch (error) {
    if (errorCode(error) === 'BucketAlreadyOwnedByYou') return done('present')
    if (isConflict(error)) return waiting('S3 is still busy with a bucket of that name')
    throw explain(error, bucket)
  }
}

function explain(error: unknown, { name, account }: NewBucket): unknown {
  switch (errorCode(error)) {
    case 'BucketAlreadyExists':
      return foreignBucket(name, account, error)
    case 'InvalidBucketName':
      return new UserError(`S3 does not take '${name}' as the name of a bucket`, {
        fix: 'Choose another with state-store: 3 to 63 characters, a–z, 0–9, dots and hyphens.',
        input: 'state-store',
        cause: error,
      })
    case 'TooManyBuckets':
      return new UserError('the account has as many buckets as it may have', {
        fix: 'Remove buckets that are no longer needed, or ask AWS for a higher quota.',
        cause: error,
      })
    default:
      return error
  }
}
