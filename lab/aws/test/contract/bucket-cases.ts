import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect } from 'vitest'

/** An account, and a bucket of it in us-east-1 that no other case has touched. */
export type ContractBucket = { s3(region?: string): S3Client; Bucket: string }

/** One rule of S3, told through the API alone. */
export type BucketCase = {
  rule: string
  run(bucket: ContractBucket): Promise<void>
  /** Why moto does not follow the rule. */
  deviation?: string
}

const refused = async (attempt: Promise<unknown>, name: string) =>
  expect((await refusalOf(attempt)).name).toBe(name)

async function openVersioned({ s3, Bucket }: ContractBucket) {
  const client = s3()
  const VersioningConfiguration = { Status: 'Enabled' } as const
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'one' }))
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'two' }))
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }))
  return client
}

const europe = { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } } as const

export const bucketCases: BucketCase[] = [
  {
    rule: "us-east-1 forgives a second creation of one's own bucket",
    run: async ({ s3, Bucket }) => void (await s3().send(new CreateBucketCommand({ Bucket }))),
  },
  {
    rule: 'another region does not: BucketAlreadyOwnedByYou',
    async run({ s3, Bucket }) {
      const make = () => s3('eu-west-1').send(new CreateBucketCommand({ Bucket: `${Bucket}-eu`, ...europe }))
      await make()
      await refused(make(), 'BucketAlreadyOwnedByYou')
    },
  },
  {
    rule: 'us-east-1 is no location constraint',
    run: ({ s3, Bucket }) =>
      refused(
        s3().send(
          new CreateBucketCommand({
            Bucket: `${Bucket}-us`,
            CreateBucketConfiguration: { LocationConstraint: 'us-east-1' as 'eu-west-1' },
          }),
        ),
        'InvalidLocationConstraint',
      ),
  },
  {
    rule: 'elsewhere than in us-east-1 only the place of the endpoint is taken',
    run: ({ s3, Bucket }) =>
      refused(
        s3('eu-central-1').send(new CreateBucketCommand({ Bucket: `${Bucket}-x`, ...europe })),
        'IllegalLocationConstraintException',
      ),
  },
  {
    rule: 'a bucket that is not there is NoSuchBucket, for HEAD NotFound',
    async run({ s3, Bucket }) {
      const other = `${Bucket}-absent`
      await refused(s3().send(new DeleteBucketCommand({ Bucket: other })), 'NoSuchBucket')
      await refused(s3().send(new HeadBucketCommand({ Bucket: other })), 'NotFound')
    },
  },
  {
    rule: 'an object that is not there is NoSuchKey, for HEAD NotFound',
    async run({ s3, Bucket }) {
      await refused(s3().send(new GetObjectCommand({ Bucket, Key: 'k' })), 'NoSuchKey')
      await refused(s3().send(new HeadObjectCommand({ Bucket, Key: 'k' })), 'NotFound')
    },
  },
  {
    rule: 'tags are read as they were written, and none are NoSuchTagSet',
    async run({ s3, Bucket }) {
      await refused(s3().send(new GetBucketTaggingCommand({ Bucket })), 'NoSuchTagSet')
      const TagSet = [{ Key: 'meridian:environment', Value: 'pr-42' }]
      await s3().send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
      expect((await s3().send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet)
    },
  },
  {
    rule: 'a versioned bucket is not empty after its objects are deleted',
    async run(bucket) {
      const client = await openVersioned(bucket)
      await refused(client.send(new DeleteBucketCommand({ Bucket: bucket.Bucket })), 'BucketNotEmpty')
    },
  },
  {
    rule: 'versions and delete markers are listed, removed one by one, and then the bucket goes',
    async run(bucket) {
      const client = await openVersioned(bucket)
      const { Bucket } = bucket
      const { Versions = [], DeleteMarkers = [] } = await client.send(
        new ListObjectVersionsCommand({ Bucket }),
      )
      expect([Versions.length, DeleteMarkers.length]).toEqual([2, 1])
      const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }))
      const removed = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
      expect(removed.Errors ?? []).toEqual([])
      await client.send(new DeleteBucketCommand({ Bucket }))
    },
  },
  {
    rule: 'If-None-Match writes a new key only, If-Match only over what one has seen',
    async run({ s3, Bucket }) {
      const put = (Body: string, more: object) =>
        s3().send(new PutObjectCommand({ Bucket, Key: 'lock', Body, ...more }))
      const { ETag } = await put('first', { IfNoneMatch: '*' })
      await refused(put('second', { IfNoneMatch: '*' }), 'PreconditionFailed')
      await put('third', { IfMatch: ETag })
      await refused(put('fourth', { IfMatch: ETag }), 'PreconditionFailed')
    },
  },
  {
    rule: 'an upload that was begun is listed until it is aborted',
    async run({ s3, Bucket }) {
      const { UploadId } = await s3().send(new CreateMultipartUploadCommand({ Bucket, Key: 'big' }))
      const list = async () => (await s3().send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? []
      expect((await list()).map(({ Key }) => Key)).toEqual(['big'])
      await s3().send(new AbortMultipartUploadCommand({ Bucket, Key: 'big', UploadId }))
      expect(await list()).toEqual([])
    },
  },
  {
    rule: 'the bucket of another region is a redirection',
    deviation: 'moto serves every bucket in every region',
    async run({ s3, Bucket }) {
      const other = `${Bucket}-far`
      await s3('eu-west-1').send(new CreateBucketCommand({ Bucket: other, ...europe }))
      await refused(s3().send(new GetObjectCommand({ Bucket: other, Key: 'k' })), 'PermanentRedirect')
    },
  },
  {
    rule: 'a deletion on condition spares what has changed since: PreconditionFailed',
    async run({ s3, Bucket }) {
      const client = s3()
      const { ETag: IfMatch } = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'one' }))
      await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'two' }))
      await refused(client.send(new DeleteObjectCommand({ Bucket, Key: 'k', IfMatch })), 'PreconditionFailed')
    },
  },
  {
    rule: 'who expects another owner of a bucket is refused: AccessDenied',
    deviation: 'moto looks at the expected owner only where the settings of a bucket are read',
    async run({ s3, Bucket }) {
      const put = new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ExpectedBucketOwner: '999988887777' })
      await refused(s3().send(put), 'AccessDenied')
    },
  },
  {
    rule: 'a bucket without Object Lock and without policy says so in codes of its own',
    async run({ s3, Bucket }) {
      const client = s3()
      const lock = client.send(new GetObjectLockConfigurationCommand({ Bucket }))
      await refused(lock, 'ObjectLockConfigurationNotFoundError')
      await refused(client.send(new GetBucketPolicyCommand({ Bucket })), 'NoSuchBucketPolicy')
    },
  },
  {
    rule: 'uploads in progress are listed below a prefix',
    async run({ s3, Bucket }) {
      const client = s3()
      for (const Key of ['usa/a', 'usb/b'])
        await client.send(new CreateMultipartUploadCommand({ Bucket, Key }))
      const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'usa/' }))
      expect(Uploads?.map(({ Key }) => Key)).toEqual(['usa/a'])
    },
  },
]
