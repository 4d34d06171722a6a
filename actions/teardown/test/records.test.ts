import { Route53Client } from '@aws-sdk/client-route-53'
import { applyGroup, planGroup, readGroup } from '@meridian/dns'
import { startUniverse, type Universe } from '@meridian/lab'
import { testJob } from '@meridian/runner/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { teardown, writes } from './lab-environment.ts'

let universe: Universe
let client: Route53Client

beforeAll(async () => {
  universe = await startUniverse({ scale: 2_000 })
  const { env } = universe
  client = new Route53Client({
    endpoint: env.AWS_ENDPOINT_URL ?? '',
    region: 'us-east-1',
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    },
  })
})
afterAll(async () => {
  client.destroy()
  await universe.close()
})

async function write(fqdn: string, owner: string) {
  const record = { kind: 'cname', region: 'us-east-1', target: 'a.example.net', ttl: 60 } as const
  const wish = { fqdn, owner, records: [record], adopt: false, maxDeletes: 1, minRegions: 1 }
  const decide = async () => planGroup(wish, await readGroup(client, universe.zone, fqdn))
  await applyGroup(testJob(), client, universe.zone, await decide(), decide)
}

async function isThere(fqdn: string) {
  return (await readGroup(client, universe.zone, fqdn)).records.length > 0
}

test("an environment's records go, and those of others stay", async () => {
  await write('app.pr-1.k8s.example.com', 'pr-1')
  await write('web.pr-1.k8s.example.com', 'pr-1')
  await write('app.k8s.example.com', 'default')
  const run = await teardown(universe, { environment: 'pr-1', scope: 'dns', clusters: '' })
  expect(JSON.parse(run.outputs.deleted ?? '[]')).toEqual([
    { type: 'records', id: 'app.pr-1.k8s.example.com' },
    { type: 'records', id: 'web.pr-1.k8s.example.com' },
  ])
  expect(await isThere('app.k8s.example.com')).toBe(true)
})

test('a record of another owner is refused by name before anything is written', async () => {
  await write('theirs.k8s.example.com', 'team-b')
  const before = writes(universe).length
  const run = await teardown(universe, { records: 'theirs', scope: 'dns', clusters: '' })
  expect(run.annotations[0]?.message).toContain("belongs to 'team-b'")
  expect(writes(universe).length).toBe(before)
})

test('records of an owner of the same name in another domain of the zone stay', async () => {
  await write('app.other.k8s.example.com', 'default')
  await teardown(universe, { domain: 'dev.k8s.example.com', scope: 'dns', clusters: '' })
  expect(await isThere('app.other.k8s.example.com')).toBe(true)
})
