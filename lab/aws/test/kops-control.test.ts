import { AwsClient } from 'aws4fetch'
import { expect, onTestFinished, test } from 'vitest'
import { createWorld, openFrontDoor, type Resource, type WorldOptions } from '../../world/index.ts'
import { createAws } from '../index.ts'

const tags = { KubernetesCluster: 'usa' }
const region = 'us-east-1'

async function openControl(options: WorldOptions = {}) {
  const world = createWorld({ scale: 1000, ...options })
  const aws = createAws(world)
  const door = await openFrontDoor(world, { aws: aws.handler, control: aws.control })
  onTestFinished(async () => {
    await door.close()
    world.close()
  })
  const client = new AwsClient({ ...aws.credentials, service: 'ec2', region, retries: 0 })
  const ask = async <T = Resource[]>(method: string, path: string, body?: unknown) => {
    const answer = await client.fetch(door.url + path, {
      method,
      headers: { 'user-agent': 'kops/1.36.2' },
      body: body === undefined ? null : JSON.stringify(body),
    })
    return { status: answer.status, body: (await answer.json()) as T }
  }
  return { world, door, ask }
}

test('resources are made, found by cluster and deleted', async () => {
  const { ask } = await openControl()
  const made = await ask('POST', '/_world/resources', [
    { type: 'vpc', region, tags },
    { type: 'vpc', region },
  ])

  const found = await ask('GET', '/_world/resources?cluster=usa')
  expect(found.body).toEqual([made.body[0]])
  expect(await ask('DELETE', `/_world/resources/${made.body[0]?.id}`)).toEqual({
    status: 200,
    body: { outcome: 'gone' },
  })
  expect((await ask('DELETE', `/_world/resources/${made.body[0]?.id}`)).status).toBe(404)
})

test('a deletion that is blocked answers 409 with the words of AWS', async () => {
  const { ask } = await openControl()
  const made = await ask('POST', '/_world/resources', [
    { type: 'subnet', region, tags },
    { type: 'instance', region, tags },
  ])
  const id = made.body[0]?.id ?? ''

  const { status, body } = await ask('DELETE', `/_world/resources/${id}`)

  expect(status).toBe(409)
  expect(body).toMatchObject({
    code: 'DependencyViolation',
    message: `The subnet '${id}' has dependencies and cannot be deleted.`,
  })
})

test('an id with slashes may be sent with or without escapes', async () => {
  const { ask } = await openControl()
  const balancer = { type: 'load-balancer', region, name: 'api', attributes: { type: 'network' } }
  const made = await ask('POST', '/_world/resources', [balancer, { ...balancer, name: 'other' }])

  const escaped = encodeURIComponent(made.body[0]?.id ?? '')
  expect((await ask('DELETE', `/_world/resources/${escaped}`)).status).toBe(200)
  expect((await ask('DELETE', `/_world/resources/${made.body[1]?.id}`)).status).toBe(200)
})

test('the requests that kops would send are logged as its own', async () => {
  const { ask, world } = await openControl()
  await ask('POST', '/_world/resources', [{ type: 'sqs', region, name: 'usa-nth', tags }])

  expect(world.requests.all()).toEqual([
    {
      client: 'kops',
      service: 'sqs',
      operation: 'CreateQueue',
      resource: 'arn:aws:sqs:us-east-1:111122223333:usa-nth',
      permissions: ['sqs:CreateQueue', 'sqs:TagQueue'],
      write: true,
      status: 200,
    },
  ])
})

test('a request that is denied makes nothing, and is named', async () => {
  const { ask, world } = await openControl({ faults: ['deny:ec2:CreateTags'] })
  const { status, body } = await ask('POST', '/_world/resources', [{ type: 'vpc', region, tags }])

  expect(status).toBe(403)
  expect(body).toMatchObject({
    call: 'ec2:CreateVpc',
    code: 'UnauthorizedOperation',
    message: expect.stringContaining(
      'is not authorized to perform: ec2:CreateTags on resource: arn:aws:ec2:us-east-1:111122223333:vpc/*',
    ),
  })
  expect(world.inventory.list()).toEqual([])
})

test('a request can fail like any other', async () => {
  const { ask, world } = await openControl()
  world.faults.requests.plan({ failure: 'throttle', nth: 1, service: 'ec2', operation: 'CreateVpc' })
  const make = () => ask('POST', '/_world/resources', [{ type: 'vpc', region, tags }])

  expect(await make()).toMatchObject({ status: 503, body: { code: 'RequestLimitExceeded' } })
  expect((await make()).status).toBe(200)
})

test('nobody without a signature is served', async () => {
  const { door } = await openControl()

  expect((await fetch(`${door.url}/_world/resources?cluster=usa`)).status).toBe(403)
})
