import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect, test } from 'vitest'
import { Bucket, openBucket } from './bucket-fixture.ts'

const locked = 'Access Denied because object protected by object lock.'

test('a conditional deletion removes what its ETag names, and nothing that has changed since', async () => {
  const { client, put, aws } = await openBucket()
  const { ETag } = await put('lease', 'first')
  await put('lease', 'second')
  const remove = (IfMatch?: string) =>
    client.send(new DeleteObjectCommand({ Bucket, Key: 'lease', ...(IfMatch && { IfMatch }) }))

  expect(await refusalOf(remove(ETag))).toMatchObject({ name: 'PreconditionFailed', status: 412 })
  expect(aws.s3.readObject(Bucket, 'lease')).toBe('second')
  await remove((await client.send(new HeadObjectCommand({ Bucket, Key: 'lease' }))).ETag)
  expect(aws.s3.keys(Bucket)).toEqual([])
  expect(await refusalOf(remove(ETag))).toMatchObject({ name: 'NoSuchKey', status: 404 })
  expect((await refusalOf(remove('*'))).status).toBe(412)
  await remove()
})

test('a deletion of many objects tells key by key whose ETag has changed', async () => {
  const { client, put, aws } = await openBucket()
  const { ETag } = await put('a', 'one')
  await put('b', 'two')
  const Objects = [
    { Key: 'a', ETag },
    { Key: 'b', ETag },
  ]

  const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))

  expect(Deleted).toEqual([{ Key: 'a' }])
  expect(Errors).toMatchObject([{ Key: 'b', Code: 'PreconditionFailed' }])
  expect(aws.s3.keys(Bucket)).toEqual(['b'])
})

test('the current version decides about a condition, also where an old one is deleted', async () => {
  const { client, put } = await openBucket({ versioned: true })
  const { ETag, VersionId } = await put('k', 'one')
  await put('k', 'two')

  const refusal = await refusalOf(
    client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId, IfMatch: ETag })),
  )

  expect(refusal.name).toBe('PreconditionFailed')
})

test('a locked version stays, alone and among others, though a delete marker can be put on it', async () => {
  const { client, put, aws } = await openBucket({ versioned: true })
  const { VersionId } = await put('usa/config', 'one')
  const other = await put('usa/other', 'two')
  aws.s3.lock(Bucket, { key: 'usa/config' })
  const version = { Key: 'usa/config', VersionId }

  expect(await refusalOf(client.send(new DeleteObjectCommand({ Bucket, ...version })))).toMatchObject({
    name: 'AccessDenied',
    message: locked,
    status: 403,
  })
  const Objects = [version, { Key: 'usa/other', VersionId: other.VersionId }]
  const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
  expect(Deleted?.map(({ Key }) => Key)).toEqual(['usa/other'])
  expect(Errors).toEqual([{ ...version, Code: 'AccessDenied', Message: locked }])
  expect((await client.send(new DeleteObjectCommand({ Bucket, Key: 'usa/config' }))).DeleteMarker).toBe(true)
  expect((await refusalOf(client.send(new DeleteBucketCommand({ Bucket })))).name).toBe('BucketNotEmpty')
})

test('the governance mode can be bypassed, the compliance mode cannot', async () => {
  const { client, put, aws } = await openBucket({ versioned: true })
  const soft = await put('soft', 'x')
  const hard = await put('hard', 'x')
  aws.s3.lock(Bucket, { key: 'soft' })
  aws.s3.lock(Bucket, { key: 'hard', mode: 'COMPLIANCE' })
  const bypass = (Key: string, VersionId?: string) =>
    client.send(new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention: true }))

  await bypass('soft', soft.VersionId)
  expect((await refusalOf(bypass('hard', hard.VersionId))).message).toBe(locked)
})

test('a bucket with default retention says so, and locks what comes into it', async () => {
  const { client, put, aws } = await openBucket()
  const configuration = () => client.send(new GetObjectLockConfigurationCommand({ Bucket }))
  expect((await refusalOf(configuration())).name).toBe('ObjectLockConfigurationNotFoundError')
  aws.s3.lock(Bucket, { mode: 'COMPLIANCE', days: 7 })
  const { VersionId } = await put('k', 'x')

  expect((await configuration()).ObjectLockConfiguration).toEqual({
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 7 } },
  })
  const { Retention } = await client.send(new GetObjectRetentionCommand({ Bucket, Key: 'k', VersionId }))
  expect(Retention?.Mode).toBe('COMPLIANCE')
  const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'k' }))
  expect(head.ObjectLockRetainUntilDate).toEqual(Retention?.RetainUntilDate)
})

test('a bucket can be made with Object Lock, which brings versions', async () => {
  const { s3, aws } = await openBucket()
  await s3().send(new CreateBucketCommand({ Bucket: 'locked-bucket', ObjectLockEnabledForBucket: true }))

  const made = aws.s3.buckets().find(({ name }) => name === 'locked-bucket')
  expect(made).toMatchObject({ versioning: 'Enabled', objectLock: {} })
})

test('a bucket with nothing but delete markers or old versions is not empty', async () => {
  const { client, put } = await openBucket({ versioned: true })
  const { VersionId } = await put('k', 'x')
  const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }))
  const removal = () => refusalOf(client.send(new DeleteBucketCommand({ Bucket })))

  expect(await removal()).toMatchObject({ name: 'BucketNotEmpty', status: 409 })
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId }))
  expect((await removal()).name).toBe('BucketNotEmpty')
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: marker.VersionId }))
  await client.send(new DeleteBucketCommand({ Bucket }))
})

test('versions below a prefix are listed page by page, also when each page is deleted before the next', async () => {
  const { client, put, aws } = await openBucket({ versioned: true })
  for (const key of ['usa/a', 'usa/a', 'usa/a', 'usa/b', 'usb/c']) await put(key, 'x')
  const seen: string[] = []
  let markers: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {}
  while (markers) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: 'usa/', MaxKeys: 2, ...markers }),
    )
    const { Versions = [], IsTruncated, NextKeyMarker, NextVersionIdMarker } = page
    seen.push(...Versions.map(({ Key = '' }) => Key))
    const Objects = Versions.map(({ Key, VersionId }) => ({ Key, VersionId }))
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
    markers = IsTruncated ? { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker } : undefined
  }

  expect(seen).toEqual(['usa/a', 'usa/a', 'usa/a', 'usa/b'])
  expect(aws.s3.keys(Bucket)).toEqual(['usb/c'])
})

test('uploads in progress are listed below a prefix, by key, in pages', async () => {
  const { client } = await openBucket()
  for (const Key of ['usa/b', 'usb/c', 'usa/a'])
    await client.send(new CreateMultipartUploadCommand({ Bucket, Key }))
  const page = (more: object = {}) =>
    client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'usa/', MaxUploads: 1, ...more }))

  const first = await page()
  const second = await page({ KeyMarker: first.NextKeyMarker, UploadIdMarker: first.NextUploadIdMarker })

  expect([first, second].map(({ Uploads }) => Uploads?.map(({ Key }) => Key))).toEqual([['usa/a'], ['usa/b']])
  expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false])
})

test('ownership and policy of a bucket can be read', async () => {
  const { client, aws } = await openBucket()
  const { OwnershipControls } = await client.send(new GetBucketOwnershipControlsCommand({ Bucket }))
  expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }])
  const policy = () => client.send(new GetBucketPolicyCommand({ Bucket }))
  expect((await refusalOf(policy())).name).toBe('NoSuchBucketPolicy')
  aws.s3.openBucket(Bucket, '444455556666', ['s3:GetObject'])

  expect(JSON.parse((await policy()).Policy ?? '').Statement).toEqual([
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::444455556666:root' },
      Action: ['s3:GetObject'],
      Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
    },
  ])
})
