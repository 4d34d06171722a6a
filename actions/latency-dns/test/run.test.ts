import { fileURLToPath } from 'node:url'
import { runAction } from '@meridian/lab-runner'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const dir = fileURLToPath(new URL('..', import.meta.url))
const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1']

type Endpoint = { cluster: string; region: string; service: string; hostname: string; ports: number[] }

let universe: Universe
let endpoints: Endpoint[]

beforeAll(async () => {
  universe = await startUniverse({ scale: 10_000 })
  endpoints = await Promise.all(regions.map(region => addBalancer(region)))
})
afterAll(() => universe.close())

async function addBalancer(region: string): Promise<Endpoint> {
  const given = {
    region,
    name: `a${region.replaceAll('-', '')}`,
    type: 'classic' as const,
    tags: {},
    listeners: [],
  }
  const { hostname, ready } = universe.aws.elb.create(given)
  await ready
  return { cluster: region, region, service: 'default/web', hostname, ports: [80] }
}

/** Runs the bundle on a record of its own; `record` keeps the tests apart in one world. */
function run(record: string, inputs: Record<string, string>) {
  return runAction({
    dir,
    inputs: {
      domain: 'k8s.example.com',
      record,
      'name-servers': universe.nameServer,
      // These load balancers have nothing behind them.
      page: 'false',
      ...inputs,
    },
    env: universe.env,
  })
}

/** What Route 53 was asked to do since a moment, reads and writes. */
function requestsSince(start: number) {
  const since = universe.world.requests.all().slice(start)
  return since.filter(({ service }) => service === 'route53').map(({ operation }) => operation)
}

describe('apply', () => {
  test('makes the group in one change, waits for it, and asks 25 cities', async () => {
    const start = universe.world.requests.all().length
    const made = await run('made', { endpoints: JSON.stringify(endpoints) })
    expect(made.stderr + made.annotations.map(one => one.message).join()).toBe('')
    expect(made.outputs).toMatchObject({
      fqdn: 'made.k8s.example.com',
      url: 'http://made.k8s.example.com',
      'zone-id': universe.zone.id,
      changed: 'true',
      'change-id': expect.stringMatching(/^C/),
    })
    expect(requestsSince(start).filter(name => name === 'ChangeResourceRecordSets').length).toBe(1)
    const cities = JSON.parse(made.outputs.verification ?? '[]')
    expect(cities.length).toBe(25)
    expect(cities.filter((city: { ok: boolean }) => !city.ok)).toEqual([])
    expect(cities[0]).toMatchObject({ city: 'New York', region: 'us-east-1' })
    expect(made.summary).toContain('```mermaid')
  })

  test('again, reads twice, writes nothing, and says so', async () => {
    const inputs = { endpoints: JSON.stringify(endpoints), verify: 'false' }
    await run('again', inputs)
    const start = universe.world.requests.all().length
    const second = await run('again', inputs)
    expect(second.outputs).toMatchObject({ changed: 'false', 'change-id': '' })
    expect(requestsSince(start)).toEqual(['ListHostedZonesByName', 'ListResourceRecordSets'])
    expect(second.stdout).toContain('(2 reads, 0 writes)')
  })

  test('takes endpoints as a map and turns aliases into CNAMEs', async () => {
    const map = endpoints.map(({ region, hostname }) => `${region}: ${hostname}`).join('\n')
    await run('retyped', { endpoints: map, verify: 'false' })
    const retyped = await run('retyped', { endpoints: map, type: 'cname', verify: 'strict' })
    const records = JSON.parse(retyped.outputs.records ?? '[]')
    expect(records.map(({ type }: { type: string }) => type)).toEqual(['CNAME', 'CNAME', 'CNAME', 'TXT'])
  })

  test('strictly fails where a city is not answered as expected, with the change made', async () => {
    const strict = await run('strict', {
      endpoints: JSON.stringify(endpoints),
      verify: 'strict',
      'vantage-points': '[{city: Tokyo, subnet: 133.11.1.0/24, expected: us-east-1}]',
    })
    expect(strict.exitCode).toBe(1)
    expect(strict.outputs.changed).toBe('true')
    expect(strict.annotations[0]?.message).toContain('us-east-1')
    expect(strict.stdout).toContain(
      'run latency-dns with mode: destroy, domain: k8s.example.com, record: strict.',
    )
  })
})

test('plan shows the change and makes none', async () => {
  const start = universe.world.requests.all().length
  const planned = await run('planned', { endpoints: JSON.stringify(endpoints), mode: 'plan' })
  expect(JSON.parse(planned.outputs.plan ?? '{}')).toMatchObject({ kind: 'change' })
  expect(planned.outputs.changed).toBe('false')
  expect(requestsSince(start)).toEqual(['ListHostedZonesByName', 'ListResourceRecordSets'])
})

test('destroy removes the group, and then finds nothing', async () => {
  await run('gone', { endpoints: JSON.stringify(endpoints), verify: 'false' })
  const first = await run('gone', { mode: 'destroy' })
  const second = await run('gone', { mode: 'destroy' })
  expect([first.outputs.changed, second.outputs.changed]).toEqual(['true', 'false'])
  expect(universe.world.inventory.list(({ name }) => name?.includes('gone') ?? false)).toEqual([])
})

test('another environment cannot take the name', async () => {
  await run('app.pr-1', { endpoints: JSON.stringify(endpoints), verify: 'false' })
  const other = await run('app', {
    environment: 'pr-1',
    endpoints: JSON.stringify(endpoints),
  })
  expect(other.exitCode).toBe(1)
  expect(other.annotations[0]?.message).toContain('belongs to k8s.example.com')
  expect(JSON.parse(other.outputs.plan ?? '{}')).toMatchObject({ kind: 'refuse', reason: 'foreign-owner' })
})

describe('what is wrong is told before anything is written', () => {
  const one = 'us-east-1: a.example.net'
  test.each<[string, Record<string, string>, string]>([
    ['a domain that is no zone', { domain: 'example.org', endpoints: one }, 'k8s.example.com'],
    ['fewer regions than wanted', { endpoints: one, 'min-regions': '2' }, 'at least 2'],
  ])('%s', async (_, inputs, message) => {
    const start = universe.world.requests.all().length
    const refused = await run('wrong', inputs)
    expect(refused.exitCode).toBe(1)
    expect(refused.annotations[0]?.message).toContain(message)
    expect(requestsSince(start).filter(name => /Change|Create|Delete/.test(name))).toEqual([])
  })

  test('all wrong inputs at once', async () => {
    const refused = await run('wrong', { endpoints: one, ttl: '0', mode: 'all', domain: 'localhost' })
    expect(refused.annotations[0]?.message).toMatch(/^3 inputs are not valid/)
  })
})
