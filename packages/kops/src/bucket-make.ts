import { type BucketLocationConstraint, CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3'
import { errorCode, isConflict } from '@meridian/aws'
import { type Done, done, type Job, UserError, type Waiting, waitFor, waiting } from '@meridian/runner'
import { findStateBucket, foreignBucket } from './bucket-find.ts'

/** S3 keeps a deleted bucket's name to itself for minutes, at worst an hour. */
const settleMilliseconds = 10 * 60_000

type Made = 'created' | 'present'

type NewBucket = {
  readonly name: string
  readonly region: string
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
    fix: 'S3 frees the name of a deleted bucket within an hour: run again then, or choose another with state-bucket.',
    timeout: settleMilliseconds,
    probe: () => tryToMake(s3, bucket),
  })
  await waitFor(job, {
    what: `the new bucket ${bucket.name}`,
    fix: 'Run again.',
    timeout: settleMilliseconds,
    probe: async () =>
      (await findStateBucket(s3, bucket.name)) ? done(true) : waiting('S3 does not show it yet'),
  })
  return made
}

async function tryToMake(s3: S3Client, { name, region, tags }: NewBucket): Promise<Done<Made> | Waiting> {
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
    throw explain(error, name)
  }
}

function explain(error: unknown, name: string): unknown {
  switch (errorCode(error)) {
    case 'BucketAlreadyExists':
      return foreignBucket(name, error)
    case 'InvalidBucketName':
      return new UserError(`S3 does not take '${name}' as the name of a bucket`, {
        fix: 'Choose another with state-bucket: 3 to 63 characters, a–z, 0–9, dots and hyphens.',
        input: 'state-bucket',
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
