import { HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3'
import { isAccessDenied, isNotFound } from '@meridian/aws'
import { UserError } from '@meridian/runner'

export type StateBucket = { readonly name: string; readonly region: string }

/** A state bucket and its region; undefined if there is none. Throws a UserError if it is somebody else's. */
export async function findStateBucket(s3: S3Client, name: string): Promise<StateBucket | undefined> {
  try {
    const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket: name }))
    return { name, region: BucketRegion ?? (await s3.config.region()) }
  } catch (error) {
    if (isNotFound(error)) return undefined
    if (isAccessDenied(error)) throw foreignBucket(name, error)
    throw error
  }
}

/** S3 answers alike for a bucket of another account and for one that our policy keeps from us. */
export function foreignBucket(name: string, cause: unknown): UserError {
  return new UserError(`the state bucket ${name} is another account's, or these credentials may not use it`, {
    fix: 'Allow s3:ListBucket on it if it is yours. Bucket names are shared by all of AWS: else choose another with state-bucket.',
    input: 'state-bucket',
    cause,
  })
}
