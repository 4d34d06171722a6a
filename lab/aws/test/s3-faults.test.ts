import { request } from 'node:http'
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect, test } from 'vitest'
import { Bucket, openBucket } from './bucket-fixture.ts'
import { openAccount } from './open-account.ts'

test('as a fault creations of a bucket and conditional writes of a key meet others, twice each', async () => {
  const { s3 } = await openAccount({ faults: ['s3-conflict'] })
  const client = s3()
  const make = () => client.send(new CreateBucketCommand({ Bucket }))
  const put = () => client.send(new PutObjectCommand({ Bucket, Key: 'lock', Body: 'x', IfNoneMatch: '*' }))

  for (const [ask, refusal] of [
    [make, { name: 'OperationAborted', status: 409 }],
    [put, { name: 'ConditionalRequestConflict', status: 409 }],
  ] as const) {
    expect(await refusalOf(ask())).toMatchObject(refusal)
    expect(await refusalOf(ask())).toMatchObject(refusal)
    await ask()
  }
})

test.each([
  [['s3-key-errors'], 'InternalError', 1],
  [['deny:s3:DeleteObject'], 'AccessDenied', 2],
  [['deny:s3:DeleteObjectVersion'], undefined, 0],
])('with %j a multi-object deletion tells its failures key by key', async (faults, code, count) => {
  const { client, put } = await openBucket({ faults })
  await put('a', 'x')
  await put('b', 'x')
  const Objects = [{ Key: 'a' }, { Key: 'b' }]
  const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))

  expect(Errors).toHaveLength(count)
  expect(Errors[0]?.Code).toBe(code)
  const left = await Promise.allSettled(
    Objects.map(({ Key }) => client.send(new HeadObjectCommand({ Bucket, Key }))),
  )
  expect(left.filter(({ status }) => status === 'fulfilled')).toHaveLength(count)
})

/** Status and code of a signed GET for a host of S3. */
async function askHost(client: S3Client, url: string, host: string) {
  const signer = await client.config.signer()
  const message = await signer.sign({
    method: 'GET',
    protocol: 'http:',
    hostname: '127.0.0.1',
    path: '/',
    headers: { host },
  } as Parameters<typeof signer.sign>[0])
  return new Promise(resolve => {
    request(url, { headers: message.headers }, async response => {
      const text = (await response.toArray()).join('')
      resolve(`${response.statusCode} ${/<Code>(\w+)/.exec(text)?.[1]}`)
    }).end()
  })
}

test.each([
  ['s3.us-east-1.amazonaws.com', 1, '301 PermanentRedirect'],
  ['s3.eu-west-1.amazonaws.com', 1, '400 AuthorizationHeaderMalformed'],
  ['s3.amazonaws.com', 1, '307 TemporaryRedirect'],
  ['s3.amazonaws.com', 20_000_000, '400 AuthorizationHeaderMalformed'],
])(
  'a bucket in eu-west-1 asked at %s for us-east-1 in a world of scale %i answers %s',
  async (host, scale, outcome) => {
    const { s3, door } = await openAccount({ scale })
    await s3('eu-west-1').send(
      new CreateBucketCommand({
        Bucket: 'some-bucket',
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      }),
    )

    expect(await askHost(s3(), door.url, `some-bucket.${host}`)).toBe(outcome)
  },
)

test('a bucket of another region is listed wherever one asks', async () => {
  const { s3 } = await openAccount()
  await s3('eu-west-1').send(
    new CreateBucketCommand({
      Bucket: 'some-bucket',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    }),
  )

  expect((await s3().send(new ListBucketsCommand({}))).Buckets).toMatchObject([{ BucketRegion: 'eu-west-1' }])
})
