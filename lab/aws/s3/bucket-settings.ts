import {
  type AwsAnswer,
  AwsError,
  type AwsRequest,
  child,
  parseXml,
  textOf,
} from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import type { Bucket, BucketGrant } from './bucket.ts'
import { getObjectLockConfiguration } from './object-lock.ts'
import { s3Answer } from './s3-answer.ts'
import { malformedXml } from './s3-error.ts'
import { readTags, writeTags } from './tags.ts'

export type SettingOperation = (bucket: Bucket, request: AwsRequest, world: World) => AwsAnswer

/** The small documents of a bucket: each is read and written by its own sub-resource. */
export const settingOperations: Record<string, SettingOperation> = {
  GetBucketVersioning: bucket => s3Answer('VersioningConfiguration', { Status: bucket.versioning }),
  PutBucketVersioning(bucket, request) {
    const status = textOf(parseXml(request.body.toString('utf8')), 'Status')
    if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml()
    bucket.versioning = status
    return {}
  },
  GetBucketEncryption({ encryption }) {
    const rule = { SSEAlgorithm: encryption.algorithm, KMSMasterKeyID: encryption.keyId }
    return s3Answer('ServerSideEncryptionConfiguration', {
      Rule: { ApplyServerSideEncryptionByDefault: rule, BucketKeyEnabled: encryption.bucketKey },
    })
  },
  PutBucketEncryption: putEncryption,
  GetPublicAccessBlock(bucket) {
    if (!bucket.publicAccessBlock) {
      throw new AwsError(
        404,
        'NoSuchPublicAccessBlockConfiguration',
        'The public access block configuration was not found',
      )
    }
    return s3Answer('PublicAccessBlockConfiguration', bucket.publicAccessBlock)
  },
  PutPublicAccessBlock(bucket, request) {
    const body = parseXml(request.body.toString('utf8'))
    const names = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets']
    bucket.publicAccessBlock = Object.fromEntries(names.map(name => [name, textOf(body, name) === 'true']))
    return {}
  },
  DeletePublicAccessBlock(bucket) {
    delete bucket.publicAccessBlock
    return { status: 204 }
  },
  GetBucketPolicy({ name, grants }) {
    if (grants.length === 0) throw new AwsError(404, 'NoSuchBucketPolicy', 'The bucket policy does not exist')
    const body = JSON.stringify({
      Version: '2012-10-17',
      Statement: grants.map(each => statement(name, each)),
    })
    return { headers: { 'content-type': 'application/json' }, body }
  },
  GetBucketOwnershipControls({ ownership }) {
    if (ownership !== undefined)
      return s3Answer('OwnershipControls', { Rule: { ObjectOwnership: ownership } })
    const words = 'The bucket ownership controls were not found'
    throw new AwsError(404, 'OwnershipControlsNotFoundError', words)
  },
  PutBucketOwnershipControls(bucket, request) {
    const ownership = textOf(child(parseXml(request.body.toString('utf8')), 'Rule'), 'ObjectOwnership')
    if (!['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'].includes(ownership ?? ''))
      throw malformedXml()
    Object.assign(bucket, { ownership })
    return {}
  },
  DeleteBucketOwnershipControls(bucket) {
    delete bucket.ownership
    return { status: 204 }
  },
  GetObjectLockConfiguration: getObjectLockConfiguration,
  GetBucketPolicyStatus: () => s3Answer('PolicyStatus', { IsPublic: false }),
  GetBucketTagging(bucket, _request, world) {
    const tags = world.inventory.get(bucket.name)?.tags ?? {}
    if (Object.keys(tags).length === 0) throw new AwsError(404, 'NoSuchTagSet', 'The TagSet does not exist')
    return s3Answer('Tagging', { TagSet: writeTags(tags) })
  },
  PutBucketTagging(bucket, request, world) {
    const tags = readTags(child(parseXml(request.body.toString('utf8')), 'TagSet'))
    replaceTags(world, bucket, tags)
    return { status: 204 }
  },
  DeleteBucketTagging(bucket, _request, world) {
    replaceTags(world, bucket, {})
    return { status: 204 }
  },
}

function statement(bucket: string, { account, actions }: BucketGrant): object {
  const arn = `arn:aws:s3:::${bucket}`
  const Principal = { AWS: `arn:aws:iam::${account}:root` }
  return { Effect: 'Allow', Principal, Action: actions, Resource: [arn, `${arn}/*`] }
}

function putEncryption(bucket: Bucket, request: AwsRequest): AwsAnswer {
  const rule = child(parseXml(request.body.toString('utf8')), 'Rule')
  const byDefault = child(rule, 'ApplyServerSideEncryptionByDefault')
  const algorithm = textOf(byDefault, 'SSEAlgorithm')
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse') throw malformedXml()
  const keyId = textOf(byDefault, 'KMSMasterKeyID')
  const bucketKey = textOf(rule, 'BucketKeyEnabled') === 'true'
  bucket.encryption = { algorithm, bucketKey, ...(keyId === undefined ? {} : { keyId }) }
  return {}
}

function replaceTags(world: World, bucket: Bucket, tags: Record<string, string>): void {
  const resource = world.inventory.get(bucket.name)
  if (resource) resource.tags = tags
}
