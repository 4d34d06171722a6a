import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect, test } from 'vitest'
import { openAccount } from './open-account.ts'

const Bucket = 'usa.k8s.example.com-state'
const inIreland = { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' as const } }

test('in us-east-1 a bucket is made without a location, and making it again is forgiven', async () => {
  const { s3, world } = await openAccount()

  await s3().send(new CreateBucketCommand({ Bucket }))
  await s3().send(new CreateBucketCommand({ Bucket }))

  expect(world.inventory.list({ type: 'bucket' })).toMatchObject([{ id: Bucket, region: 'us-east-1' }])
})

test.each([
  ['us-east-1', 'us-east-1', 'InvalidLocationConstraint'],
  ['us-east-1', 'mars-1', 'InvalidLocationConstraint'],
  ['eu-west-1', 'eu-west-2', 'IllegalLocationConstraintException'],
])('asked in %s for a bucket in %s, S3 answers %s', async (region, location, name) => {
  const { s3 } = await openAccount()
  const CreateBucketConfiguration = { LocationConstraint: location as 'eu-west-1' }

  const refusal = await refusalOf(
    s3(region).send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration })),
  )

  expect(refusal.name).toBe(name)
})

test('outside us-east-1 a second creation is BucketAlreadyOwnedByYou', async () => {
  const { s3 } = await openAccount()
  const make = new CreateBucketCommand({ Bucket, ...inIreland })
  await s3('eu-west-1').send(make)

  expect(await refusalOf(s3('eu-west-1').send(make))).toMatchObject({
    name: 'BucketAlreadyOwnedByYou',
    status: 409,
  })
})

test('the bucket of another account exists for nobody else', async () => {
  const { s3, aws } = await openAccount()
  aws.s3.addForeignBucket(Bucket)

  expect((await refusalOf(s3().send(new CreateBucketCommand({ Bucket })))).name).toBe('BucketAlreadyExists')
  expect((await refusalOf(s3().send(new HeadBucketCommand({ Bucket })))).status).toBe(403)
  expect((await refusalOf(s3().send(new DeleteBucketCommand({ Bucket })))).name).toBe('AccessDenied')
})

test.each([
  'Upper',
  'ab',
  'a..b',
  '-abc',
  'a_b',
  '192.168.5.4',
  'xn--abc',
  'abc-s3alias',
  `${'x'.repeat(60)}-state`,
])('the name %s is refused', async name => {
  const { s3 } = await openAccount()

  expect((await refusalOf(s3().send(new CreateBucketCommand({ Bucket: name })))).name).toBe(
    'InvalidBucketName',
  )
})

test('asked in the wrong region, S3 redirects and names the right one', async () => {
  const { s3 } = await openAccount()
  await s3('eu-west-1').send(new CreateBucketCommand({ Bucket, ...inIreland }))

  const refusal = await refusalOf(s3().send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' })))
  const location = await s3().send(new GetBucketLocationCommand({ Bucket }))
  const head = await s3('eu-west-1').send(new HeadBucketCommand({ Bucket }))

  expect(refusal).toMatchObject({ name: 'PermanentRedirect', status: 301 })
  expect(location.LocationConstraint).toBe('eu-west-1')
  expect(head.BucketRegion).toBe('eu-west-1')
})

test('a client that follows redirects reaches a bucket from any region', async () => {
  const { s3 } = await openAccount()
  await s3('eu-west-1').send(new CreateBucketCommand({ Bucket, ...inIreland }))
  const client = s3()
  client.config.followRegionRedirects = true

  expect((await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('eu-west-1')
})

test('a new bucket encrypts and blocks public access without being asked', async () => {
  const { s3 } = await openAccount()
  await s3().send(new CreateBucketCommand({ Bucket }))

  const { ServerSideEncryptionConfiguration } = await s3().send(new GetBucketEncryptionCommand({ Bucket }))
  const { PublicAccessBlockConfiguration } = await s3().send(new GetPublicAccessBlockCommand({ Bucket }))

  expect(
    ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
  ).toBe('AES256')
  expect(PublicAccessBlockConfiguration?.BlockPublicAcls).toBe(true)
})

test('versioning, encryption and public access are kept as they are put', async () => {
  const { s3 } = await openAccount()
  const client = s3()
  await client.send(new CreateBucketCommand({ Bucket }))
  const Rules = [
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const }, BucketKeyEnabled: true },
  ]
  await client.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  )
  await client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }))
  await client.send(
    new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: false } }),
  )

  const encryption = await client.send(new GetBucketEncryptionCommand({ Bucket }))
  const block = await client.send(new GetPublicAccessBlockCommand({ Bucket }))
  expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled')
  expect(encryption.ServerSideEncryptionConfiguration).toMatchObject({ Rules })
  expect(block.PublicAccessBlockConfiguration?.BlockPublicAcls).toBe(false)
})

test('tags of a bucket are its tags in the inventory', async () => {
  const { s3, world } = await openAccount()
  await s3().send(new CreateBucketCommand({ Bucket }))
  expect((await refusalOf(s3().send(new GetBucketTaggingCommand({ Bucket })))).name).toBe('NoSuchTagSet')
  const TagSet = [{ Key: 'meridian:run', Value: 'https://github.com/o/r/actions/runs/1' }]

  await s3().send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))

  expect((await s3().send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet)
  expect(world.inventory.get(Bucket)?.tags).toEqual({
    'meridian:run': 'https://github.com/o/r/actions/runs/1',
  })
})

test.each([
  ['aws:x', 'y'],
  ['k', 'a;b'],
  ['k', 'x'.repeat(257)],
])('the tag %s=%s is InvalidTag', async (Key, Value) => {
  const { s3 } = await openAccount()
  await s3().send(new CreateBucketCommand({ Bucket }))
  const put = new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key, Value }] } })

  expect((await refusalOf(s3().send(put))).name).toBe('InvalidTag')
})

test('a bucket may be made with its tags', async () => {
  const { s3, world } = await openAccount()
  const CreateBucketConfiguration = { Tags: [{ Key: 'a', Value: 'b' }] }

  await s3().send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }))

  expect(world.inventory.get(Bucket)?.tags).toEqual({ a: 'b' })
})

test('a deleted name is not free at once in another region', async () => {
  const { s3 } = await openAccount({ scale: 1 })
  await s3().send(new CreateBucketCommand({ Bucket }))
  await s3().send(new DeleteBucketCommand({ Bucket }))

  const refusal = await refusalOf(s3('eu-west-1').send(new CreateBucketCommand({ Bucket, ...inIreland })))

  expect(refusal).toMatchObject({ name: 'OperationAborted', status: 409 })
})

test('a bucket that does not exist is NoSuchBucket, without words for HEAD', async () => {
  const { s3 } = await openAccount()

  expect((await refusalOf(s3().send(new HeadBucketCommand({ Bucket })))).name).toBe('NotFound')
  expect((await refusalOf(s3().send(new DeleteBucketCommand({ Bucket })))).name).toBe('NoSuchBucket')
  expect((await refusalOf(s3().send(new GetObjectCommand({ Bucket, Key: 'k' })))).name).toBe('NoSuchBucket')
})

test('a request for the bucket of an owner that is not this account is refused', async () => {
  const { s3 } = await openAccount()
  await s3().send(new CreateBucketCommand({ Bucket }))
  const head = new HeadBucketCommand({ Bucket, ExpectedBucketOwner: '999988887777' })

  expect((await refusalOf(s3().send(head))).status).toBe(403)
})

test('buckets are listed by name', async () => {
  const { s3 } = await openAccount()
  for (const name of ['bbb', 'aaa']) await s3().send(new CreateBucketCommand({ Bucket: name }))

  const { Buckets } = await s3().send(new ListBucketsCommand({}))

  expect(Buckets?.map(({ Name }) => Name)).toEqual(['aaa', 'bbb'])
})
