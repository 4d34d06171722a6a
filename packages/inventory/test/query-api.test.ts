import { connectAws } from '@meridian/aws'
import { serve } from '@meridian/aws/testing'
import { testJob } from '@meridian/runner/testing'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { instanceStates, networkInterfaces } from '../src/index.ts'

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
})
afterEach(() => void vi.unstubAllEnvs())

const connect = (url: string) => connectAws(testJob({ env: { AWS_ENDPOINT_URL_EC2: url } }), {})
const page = (id: string, token = '') =>
  `<DescribeNetworkInterfacesResponse><networkInterfaceSet><item><networkInterfaceId>${id}</networkInterfaceId><description>ELB a</description></item></networkInterfaceSet>${token}</DescribeNetworkInterfacesResponse>`

test('a request is signed for EC2 of its region and names its filters', async () => {
  await using server = await serve(() => ({ body: page('eni-1') }))
  await networkInterfaces(await connect(server.url), 'eu-west-1', { description: ['ELB a', 'ELB b'] })
  expect(server.requests[0]?.headers.authorization).toContain('/eu-west-1/ec2/aws4_request')
  expect(server.requests[0]?.headers['user-agent']).toBe('meridian-test/0.0.0')
  expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body))).toMatchObject({
    Action: 'DescribeNetworkInterfaces',
    'Filter.1.Name': 'description',
    'Filter.1.Value.2': 'ELB b',
  })
})

test('pages are followed', async () => {
  await using server = await serve((_, count) => ({
    body: count === 1 ? page('eni-1', '<nextToken>t</nextToken>') : page('eni-2'),
  }))
  const found = await networkInterfaces(await connect(server.url), 'us-east-1', {})
  expect(found.map(({ id }) => id)).toEqual(['eni-1', 'eni-2'])
})

test('throttled and failed reads are repeated', async () => {
  await using server = await serve((_, count) =>
    count === 1
      ? {
          status: 503,
          body: '<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message></Error></Errors></Response>',
        }
      : { body: page('eni-1') },
  )
  expect(await networkInterfaces(await connect(server.url), 'us-east-1', {})).toHaveLength(1)
})

test('a clock that is wrong is learned from the answer', async () => {
  const begun = Date.now()
  const seen: number[] = []
  await using server = await serve(({ headers }) => {
    const [, at = ''] = /^(\d{8}T\d{6})Z$/.exec(String(headers['x-amz-date'])) ?? []
    seen.push(Date.parse(at.replace(/(....)(..)(..T..)(..)(..)/, '$1-$2-$3:$4:$5Z')))
    return seen.length > 1
      ? { body: page('eni-1') }
      : {
          status: 400,
          date: new Date(begun).toUTCString(),
          body: '<Response><Errors><Error><Code>RequestExpired</Code></Error></Errors></Response>',
        }
  })
  vi.useFakeTimers({ toFake: ['Date'], now: begun - 20 * 60_000 })
  onTestFinished(() => void vi.useRealTimers())
  expect(await networkInterfaces(await connect(server.url), 'us-east-1', {})).toHaveLength(1)
  expect(seen.map(at => Math.abs(Math.round((at - begun) / 60_000)))).toEqual([20, 0])
})

test('a refusal names the permission and is not repeated', async () => {
  await using server = await serve(() => ({
    status: 403,
    body: '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation.</Message></Error></Errors></Response>',
  }))
  await expect(instanceStates(await connect(server.url), 'us-east-1', {})).rejects.toThrow(
    'the permission ec2:DescribeInstances is missing',
  )
  expect(server.requests).toHaveLength(1)
})
