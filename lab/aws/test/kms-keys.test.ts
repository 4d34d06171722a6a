import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { createWorld, openFrontDoor } from '@meridian/lab-world'
import { expect, onTestFinished, test } from 'vitest'
import type { Policy } from '../access/policy.ts'
import { createAws } from '../create-aws.ts'
import { labKey } from '../s3/kms-keys.ts'

const key = `arn:aws:kms:us-east-1:111122223333:key/${labKey}`
const all = { Sid: 'S3', Effect: 'Allow' as const, Action: ['s3:*'], Resource: ['*'] }
const Bucket = 'usa-state'
const object = { Bucket, Key: 'a' }

/** A client that may do everything in S3, and with keys what is given. */
async function open(actions: string[], resource = key, via = 's3.*.amazonaws.com') {
  const world = createWorld({ scale: 10_000 })
  const Condition = { StringLike: { 'kms:ViaService': [via] } }
  const keys = { Sid: 'K', Effect: 'Allow' as const, Action: actions, Resource: [resource], Condition }
  const policy: Policy = { Version: '2012-10-17', Statement: [all, keys] }
  const aws = createAws(world, { tester: policy })
  const door = await openFrontDoor(world, { aws: aws.handler, control: {} })
  onTestFinished(async () => {
    await door.close()
    world.close()
  })
  const settings = { region: 'us-east-1', endpoint: door.url, credentials: aws.credentials, maxAttempts: 1 }
  const clientOf = (name: string) =>
    new S3Client({ ...settings, forcePathStyle: true, customUserAgent: [[`meridian-${name}`, '1']] })
  const [owner, tester] = [clientOf('owner'), clientOf('tester')]
  await owner.send(new CreateBucketCommand({ Bucket }))
  return { owner, tester }
}

const encrypt = (s3: S3Client, KMSMasterKeyID: string) =>
  s3.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID } }],
      },
    }),
  )
const put = (s3: S3Client, more = {}) => s3.send(new PutObjectCommand({ ...object, Body: 'x', ...more }))
const get = (s3: S3Client) => s3.send(new GetObjectCommand(object))

test('an object of a bucket with a key is written and read by whoever may use the key through S3', async () => {
  const { owner, tester } = await open(['kms:GenerateDataKey', 'kms:Decrypt'])
  await encrypt(owner, key)
  expect(await put(tester)).toMatchObject({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key })
  expect(await get(tester)).toMatchObject({ SSEKMSKeyId: key })
})

test.each<[string, string[], string, string]>([
  ['the permission', ['kms:Decrypt'], key, 's3.*.amazonaws.com'],
  ['this very key', ['kms:GenerateDataKey'], `${key}0`, 's3.*.amazonaws.com'],
  ['the way through S3', ['kms:GenerateDataKey'], key, 'ec2.*.amazonaws.com'],
])('it is not written by whoever lacks %s', async (_, actions, resource, via) => {
  const { owner, tester } = await open(actions, resource, via)
  await encrypt(owner, key)
  expect((await refusalOf(put(tester))).name).toBe('AccessDenied')
})

test('it is not read by whoever may not decipher, though the bucket has another key by now', async () => {
  const { owner, tester } = await open(['kms:GenerateDataKey'])
  await encrypt(owner, key)
  await put(owner)
  await owner.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    }),
  )
  expect((await refusalOf(get(tester))).name).toBe('AccessDenied')
  expect(await put(tester)).toMatchObject({ ServerSideEncryption: 'AES256' })
  expect((await get(tester)).ServerSideEncryption).toBe('AES256')
})

test('a key that there is not is told at the first object, not when it is set', async () => {
  const { owner } = await open([])
  await encrypt(owner, key.replace(labKey, 'mrk-0'))
  expect((await refusalOf(put(owner))).name).toBe('KMS.NotFoundException')
})
