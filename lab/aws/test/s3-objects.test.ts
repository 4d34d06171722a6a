import { request } from 'node:http'
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect, test } from 'vitest'
import { Bucket, openBucket } from './bucket-fixture.ts'

test('an object comes back with its type and metadata', async () => {
  const { client, put } = await openBucket()
  await put('a/ü +%.txt', 'hello', { ContentType: 'text/plain', Metadata: { by: 'test' } })

  const object = await client.send(new GetObjectCommand({ Bucket, Key: 'a/ü +%.txt' }))

  expect(await object.Body?.transformToString()).toBe('hello')
  expect(object).toMatchObject({ ContentType: 'text/plain', Metadata: { by: 'test' }, ContentLength: 5 })
})

test('a stream with a trailing checksum is taken', async () => {
  const { client, put } = await openBucket()
  const Body = Readable.from([Buffer.from('hello '), Buffer.from('world')])
  await put('stream', '', { Body, ContentLength: 11 })

  const object = await client.send(new GetObjectCommand({ Bucket, Key: 'stream' }))

  expect(await object.Body?.transformToString()).toBe('hello world')
})

test('a body that does not match its checksum is BadDigest', async () => {
  const { put } = await openBucket()

  expect((await refusalOf(put('k', 'hello', { ChecksumCRC32: 'AAAAAA==' }))).name).toBe('BadDigest')
})

test('an absent object is NoSuchKey, for HEAD NotFound', async () => {
  const { client } = await openBucket()

  expect((await refusalOf(client.send(new GetObjectCommand({ Bucket, Key: 'k' })))).name).toBe('NoSuchKey')
  expect((await refusalOf(client.send(new HeadObjectCommand({ Bucket, Key: 'k' })))).name).toBe('NotFound')
})

test('a conditional write makes a new object but does not touch one that is there', async () => {
  const { put } = await openBucket()
  const { ETag } = await put('lock', 'first', { IfNoneMatch: '*' })

  const refusal = await refusalOf(put('lock', 'second', { IfNoneMatch: '*' }))

  expect(refusal).toMatchObject({ name: 'PreconditionFailed', status: 412 })
  await put('lock', 'third', { IfMatch: ETag })
  expect((await refusalOf(put('lock', 'fourth', { IfMatch: ETag }))).name).toBe('PreconditionFailed')
})

test('a range of an object is answered in part', async () => {
  const { client, put } = await openBucket()
  await put('k', 'hello')

  const object = await client.send(new GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=1-3' }))

  expect(await object.Body?.transformToString()).toBe('ell')
  expect(object.ContentRange).toBe('bytes 1-3/5')
})

test('a versioned bucket keeps what is deleted until every version and marker is gone', async () => {
  const { client, put, world } = await openBucket({ versioned: true })
  await put('k', 'one')
  await put('k', 'two')
  const { DeleteMarker } = await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }))

  expect(DeleteMarker).toBe(true)
  expect((await refusalOf(client.send(new GetObjectCommand({ Bucket, Key: 'k' })))).name).toBe('NoSuchKey')
  expect((await refusalOf(client.send(new DeleteBucketCommand({ Bucket })))).name).toBe('BucketNotEmpty')
  const listed = await client.send(new ListObjectVersionsCommand({ Bucket }))
  expect(listed.Versions).toHaveLength(2)
  expect(listed.DeleteMarkers).toHaveLength(1)
  const Objects = [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
    Key,
    VersionId,
  }))
  const { Deleted, Errors = [] } = await client.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects } }),
  )
  expect(Deleted).toHaveLength(3)
  expect(Errors).toEqual([])
  await client.send(new DeleteBucketCommand({ Bucket }))
  expect(world.inventory.list()).toEqual([])
})

test('deleting the newest delete marker brings the object back', async () => {
  const { client, put } = await openBucket({ versioned: true })
  await put('k', 'one')
  const { VersionId } = await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }))
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId }))

  const object = await client.send(new GetObjectCommand({ Bucket, Key: 'k' }))

  expect(await object.Body?.transformToString()).toBe('one')
})

test('without versioning a deletion leaves nothing', async () => {
  const { client, put } = await openBucket()
  await put('k', 'one')
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }))

  await client.send(new DeleteBucketCommand({ Bucket }))
})

test('versions are listed in pages without losing any', async () => {
  const { client, put } = await openBucket({ versioned: true })
  for (const key of ['a', 'a', 'a', 'b', 'c']) await put(key, key)
  const seen: string[] = []
  let markers: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {}
  while (markers) {
    const page: ListObjectVersionsCommandOutput = await client.send(
      new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...markers }),
    )
    seen.push(...(page.Versions ?? []).map(({ Key }) => Key ?? ''))
    markers = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      : undefined
  }

  expect(seen).toEqual(['a', 'a', 'a', 'b', 'c'])
})

test('keys are listed in pages and folded at a delimiter', async () => {
  const { client, put } = await openBucket()
  for (const key of ['a/1', 'a/2', 'b', 'c/1']) await put(key, key)
  const first = await client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', MaxKeys: 2 }))
  const token = first.NextContinuationToken
  const second = await client.send(
    new ListObjectsV2Command({ Bucket, Delimiter: '/', ContinuationToken: token }),
  )

  expect(first.CommonPrefixes).toEqual([{ Prefix: 'a/' }])
  expect(first.Contents?.map(({ Key }) => Key)).toEqual(['b'])
  expect(second.CommonPrefixes).toEqual([{ Prefix: 'c/' }])
})

test('keys are listed below a prefix', async () => {
  const { client, put } = await openBucket()
  for (const key of ['usa/config', 'usa/pki/ca', 'eur/config']) await put(key, key)

  const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'usa/' }))

  expect(page.Contents?.map(({ Key }) => Key)).toEqual(['usa/config', 'usa/pki/ca'])
})

test('an upload in parts becomes one object, and an aborted one nothing', async () => {
  const { client } = await openBucket()
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'big' }))
  const part = await client.send(
    new UploadPartCommand({ Bucket, Key: 'big', UploadId, PartNumber: 1, Body: 'content' }),
  )
  const Parts = [{ PartNumber: 1, ETag: part.ETag }]
  await client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key: 'big', UploadId, MultipartUpload: { Parts } }),
  )
  const other = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'other' }))
  const listed = await client.send(new ListMultipartUploadsCommand({ Bucket }))
  await client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'other', UploadId: other.UploadId }))

  expect(listed.Uploads?.map(({ Key }) => Key)).toEqual(['other'])
  const object = await client.send(new GetObjectCommand({ Bucket, Key: 'big' }))
  expect(await object.Body?.transformToString()).toBe('content')
  expect((await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toBeUndefined()
})

test('as a fault every seventh request answers 500', async () => {
  const { put } = await openBucket({ faults: ['s3-500'] })
  const outcomes = await Promise.allSettled(Array.from({ length: 13 }, (_, index) => put(`k${index}`, 'x')))

  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(2)
})

test('a bucket in the host name is the same bucket', async () => {
  const { put, client, door } = await openBucket()
  await put('a/b', 'hello')
  const signed = await client.config.signer()
  const message = await signed.sign({
    method: 'GET',
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: '/a/b',
    headers: { host: `${Bucket}.s3.us-east-1.amazonaws.com` },
  } as Parameters<typeof signed.sign>[0])

  const status = await new Promise(resolve => {
    request(`${door.url}/a/b`, { headers: message.headers }, response => {
      response.resume()
      resolve(response.statusCode)
    }).end()
  })

  expect(status).toBe(200)
})
