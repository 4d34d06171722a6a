import {
  GetBucketEncryptionCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
  type ServerSideEncryptionByDefault,
} from '@aws-sdk/client-s3'
import { isNotFound } from '@meridian/aws'

/** A setting that a state bucket must have: whether it has it, and how it gets it. */
export type BucketSetting = {
  readonly name: string
  isSet(s3: S3Client, Bucket: string): Promise<boolean>
  set(s3: S3Client, Bucket: string): Promise<unknown>
}

const blockAll = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
}

/** In the order of what is worse to lack if the run ends in between. `key`: ARN of the key of KMS that encrypts it. */
export const bucketSettings = (key?: string): readonly BucketSetting[] => [
  {
    name: 'public access block',
    async isSet(s3, Bucket) {
      const answer = await s3.send(new GetPublicAccessBlockCommand({ Bucket })).catch(unset)
      const block = answer?.PublicAccessBlockConfiguration
      return Object.keys(blockAll).every(key => block?.[key as keyof typeof blockAll] === true)
    },
    set: (s3, Bucket) =>
      s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: blockAll })),
  },
  {
    name: 'encryption',
    // Without a key any rule will do: an adopted bucket may have a key of its own.
    async isSet(s3, Bucket) {
      const is = await readBucketEncryption(s3, Bucket)
      return key === undefined ? is !== undefined : is?.KMSMasterKeyID === key
    },
    set(s3, Bucket) {
      const byDefault =
        key === undefined
          ? { SSEAlgorithm: 'AES256' as const }
          : { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: key }
      // Of a bucket's own key S3 asks KMS once in a while, and not for each object.
      const rule = { ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: key !== undefined }
      const ServerSideEncryptionConfiguration = { Rules: [rule] }
      return s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }))
    },
  },
  {
    name: 'versioning',
    isSet: async (s3, Bucket) =>
      (await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status === 'Enabled',
    set: (s3, Bucket) =>
      s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
  },
]

/** What a bucket encrypts with by default; undefined without a rule. */
export async function readBucketEncryption(
  s3: S3Client,
  Bucket: string,
): Promise<ServerSideEncryptionByDefault | undefined> {
  const answer = await s3.send(new GetBucketEncryptionCommand({ Bucket })).catch(unset)
  return answer?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault
}

/** The tags of a bucket, none if it has none. */
export async function readBucketTags(s3: S3Client, Bucket: string): Promise<Record<string, string>> {
  const answer = await s3.send(new GetBucketTaggingCommand({ Bucket })).catch(unset)
  return Object.fromEntries((answer?.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
}

/** Whether a bucket keeps the versions of objects from being deleted for a time. */
export async function hasObjectLock(s3: S3Client, Bucket: string): Promise<boolean> {
  const answer = await s3.send(new GetObjectLockConfigurationCommand({ Bucket })).catch(unset)
  return answer?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled'
}

/** S3 answers 404 for a configuration that was never made (`NoSuchTagSet` and the like). */
function unset(error: unknown): undefined {
  if (isNotFound(error)) return undefined
  throw error
}
