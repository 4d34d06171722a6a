import { ListHostedZonesCommand } from '@aws-sdk/client-route-53'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { AwsClient } from 'aws4fetch'
import { expect, test } from 'vitest'
import { openAccount } from './open-account.ts'

test('requests are counted by client and service, reads apart from writes', async () => {
  const { settings, world, route53 } = await openAccount()
  const ours = new S3Client({
    ...settings(),
    forcePathStyle: true,
    customUserAgent: [['meridian-create-cluster', '0.1.0']],
  })
  await ours.send(new CreateBucketCommand({ Bucket: 'some-bucket' }))
  await route53.send(new ListHostedZonesCommand({}))

  expect(world.requests.summary()).toEqual({
    'create-cluster': { s3: { reads: 0, writes: 1 } },
    other: { route53: { reads: 1, writes: 0 } },
  })
})

test('a refusal is noted with its status and code', async () => {
  const { s3, world } = await openAccount()
  await refusalOf(s3().send(new CreateBucketCommand({ Bucket: 'NO' })))

  expect(world.requests.all().at(-1)).toMatchObject({
    operation: 'CreateBucket',
    status: 400,
    error: 'InvalidBucketName',
  })
})

test('as a fault one request fails without being carried out', async () => {
  const { s3, aws } = await openAccount({ faults: ['fail-request:1'] })

  expect((await refusalOf(s3().send(new CreateBucketCommand({ Bucket: 'some-bucket' })))).status).toBe(503)
  expect(aws.s3.buckets()).toEqual([])
})

test('as a fault one answer is lost although the request was carried out', async () => {
  const { s3, aws } = await openAccount({ faults: ['drop-answer:1'] })

  await expect(s3().send(new CreateBucketCommand({ Bucket: 'some-bucket' }))).rejects.toThrow()
  expect(aws.s3.buckets()).toMatchObject([{ name: 'some-bucket' }])
})

test('a service that the lab does not have says so', async () => {
  const { door, aws } = await openAccount()
  const kms = new AwsClient({ ...aws.credentials, service: 'kms', region: 'us-east-1', retries: 0 })
  const answer = await kms.fetch(door.url, { method: 'POST', body: '{}' })

  expect(await answer.text()).toContain('NotImplemented')
})
