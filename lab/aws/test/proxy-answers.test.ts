import { DescribeTagsCommand } from '@aws-sdk/client-ec2'
import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api'
import { ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53'
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import type { Failure } from '@meridian/lab-world'
import { AwsClient } from 'aws4fetch'
import { expect, test } from 'vitest'
import { Bucket, openBucket } from './bucket-fixture.ts'

const always = { nth: 1, times: Infinity }

/** A bucket with two objects, and what comes over the wire for a path in it. */
async function openObjects(faults: string[] = []) {
  const lab = await openBucket({ faults })
  await lab.put('usa/config', 'one')
  await lab.put('eur/config', 'two')
  const signer = new AwsClient({ ...lab.aws.credentials, service: 's3', region: 'us-east-1', retries: 0 })
  const fetchPath = (path: string, method = 'GET') =>
    signer.fetch(`${lab.door.url}/${Bucket}${path}`, { method })
  return { ...lab, fetchPath, requests: lab.world.faults.requests }
}

test.each<[Failure, number, RegExp]>([
  ['proxy-404', 404, /<html>.*404 Not Found/],
  ['proxy-page', 200, /<html>/],
  ['empty-200', 200, /^$/],
  ['gateway', 502, /<html>/],
])('%s: %i as HTML, without the identifiers of the service', async (failure, status, body) => {
  const { requests, fetchPath } = await openObjects()
  requests.plan({ failure, operation: 'GetObject', ...always })

  const answer = await fetchPath('/usa/config')

  expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html'])
  expect(await answer.text()).toMatch(body)
  expect([...answer.headers.keys()].filter(name => name.startsWith('x-am'))).toEqual([])
})

test('answers of the services themselves carry their identifiers', async () => {
  const { fetchPath, tagging } = await openObjects()
  const { $metadata } = await tagging().send(new GetResourcesCommand({}))

  expect((await fetchPath('/usa/config')).headers.get('x-amz-request-id')).toMatch(/^[0-9A-F]{16}$/)
  expect((await fetchPath('/absent')).headers.get('x-amz-request-id')).toMatch(/^[0-9A-F]{16}$/)
  expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/)
})

test('one object can be told away from HEAD while GET and its neighbours answer', async () => {
  const { requests, client } = await openObjects()
  requests.plan({ failure: 'proxy-404', operation: 'HeadObject', key: 'usa/config', ...always })
  const head = (Key: string) => client.send(new HeadObjectCommand({ Bucket, Key }))

  expect((await refusalOf(head('usa/config'))).status).toBe(404)
  await head('eur/config')
  await client.send(new GetObjectCommand({ Bucket, Key: 'usa/config' }))
})

test('the key of a listing is its prefix', async () => {
  const { requests, client, fetchPath } = await openObjects()
  const fault = requests.plan({ failure: 'empty-200', operation: 'ListObjectsV2', key: /^usa/, ...always })

  expect(await (await fetchPath('?list-type=2&prefix=usa%2F')).text()).toBe('')
  expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(2)
  expect(fault.struck()).toBe(1)
})

test('what a proxy answers is not carried out, and stands in the log as its fault', async () => {
  const { requests, put, fetchPath, world } = await openObjects()
  requests.plan({ failure: 'proxy-page', operation: 'PutObject', key: 'new', ...always })
  await put('new', 'three')

  expect((await fetchPath('/new')).status).toBe(404)
  expect(world.requests.all().find(({ failure }) => failure === 'proxy-page')).toMatchObject({
    operation: 'PutObject',
    resource: `arn:aws:s3:::${Bucket}/new`,
  })
})

test('every service can be behind the proxy', async () => {
  const { requests, aws, route53, ec2, tagging } = await openObjects()
  const { id } = aws.route53.addZone('example.com')
  requests.plan({ failure: 'proxy-404', ...always })

  const asked = [
    route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: id })),
    ec2().send(new DescribeTagsCommand({})),
    tagging().send(new GetResourcesCommand({})),
  ]
  expect((await Promise.all(asked.map(refusalOf))).map(({ status }) => status)).toEqual([404, 404, 404])
})

test.each([
  ['proxy-404:s3:GetObject', '/usa/config', 404],
  ['proxy-404:s3:GetObject:usa/config', '/usa/config', 404],
  ['proxy-404:s3:GetObject:usa/config', '/eur/config', 200],
])('as the fault %s, %s is answered %i each time', async (fault, path, status) => {
  const { fetchPath } = await openObjects([fault])

  expect([(await fetchPath(path)).status, (await fetchPath(path)).status]).toEqual([status, status])
})

test('a proxy fault names an operation', async () => {
  await expect(openBucket({ faults: ['proxy-page:s3'] })).rejects.toThrow(/a service and an operation/)
})
