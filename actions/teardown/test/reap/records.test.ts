import { Route53Client } from '@aws-sdk/client-route-53'
import { applyGroup, planGroup, readGroup } from '@meridian/dns'
import type { Identity } from '@meridian/identity'
import { compareSnapshots, type Universe } from '@meridian/lab-universe'
import { testJob } from '@meridian/runner/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { identityOf } from '../lab-environment.ts'
import { startGithub } from './github-server.ts'
import { plant, reap, startReaping } from './lab-reap.ts'

let universe: Universe
let client: Route53Client
beforeEach(async () => {
  universe = await startReaping()
  const { env, aws } = universe
  const endpoint = env.AWS_ENDPOINT_URL ?? ''
  client = new Route53Client({ endpoint, region: 'us-east-1', credentials: aws.credentials })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  client.destroy()
  await universe.close()
})

const gone = 'gone-1.us-east-1.elb.amazonaws.com'
const hour = 3_600_000
type More = { target?: string; expires?: number; pullRequest?: number; identity?: Partial<Identity> }

/** Writes a name as latency-dns does in an environment, which expires in so many hours. */
async function write(fqdn: string, environment: string, more: More = {}): Promise<void> {
  const { target = 'www.example.net', expires, pullRequest, identity } = more
  const record = { kind: 'cname', region: 'us-east-1', target, ttl: 60 } as const
  const wish = {
    fqdn,
    identity: identityOf(environment, identity),
    records: [record],
    adopt: false,
    maxDeletes: 1,
    minRegions: 1,
    ...(pullRequest !== undefined && { pullRequest }),
    // It was written two hours before it expired, or is to expire.
    ...(expires !== undefined && {
      life: { lifetime: 2 * hour, now: new Date(Date.now() + (expires - 2) * hour) },
    }),
  }
  const decide = async () => planGroup(wish, await readGroup(client, universe.zone, fqdn))
  await applyGroup(testJob(), client, universe.zone, await decide(), decide)
}

const named = (fqdn: string) => universe.zone.records.at(`${fqdn}.`).length
/** The names that went, in a run that says that nothing is wrong. */
async function reapedNames(inputs: Record<string, string> = {}, env: Record<string, string> = {}) {
  const { error, job } = await reap(universe, inputs, env)
  expect(error).toBeUndefined()
  return (job.outputs.deleted as { type: string; id: string }[]).map(({ id }) => id)
}

test('a name whose own mark has expired goes, whatever it leads to', async () => {
  await write('a.pr-1.k8s.example.com', 'pr-1', { expires: -1 })
  expect(await reapedNames()).toEqual(['a.pr-1.k8s.example.com'])
  expect(named('a.pr-1.k8s.example.com')).toBe(0)
})

test('a name of an environment without clusters lives as long as its mark says', async () => {
  await write('a.pr-1.k8s.example.com', 'pr-1', { expires: 1 })
  expect(await reapedNames()).toEqual([])
})

test('a name goes with its pull request', async () => {
  const id = 1001
  await using github = await startGithub({
    '/repos/o/r/pulls/1': { state: 'closed', id },
    '/repos/o/r/pulls/2': { state: 'open', id },
  })
  await write('a.pr-1.k8s.example.com', 'pr-1', { pullRequest: 1 })
  await write('a.pr-2.k8s.example.com', 'pr-2', { pullRequest: 2 })
  expect(await reapedNames({}, { GITHUB_API_URL: github.url })).toEqual(['a.pr-1.k8s.example.com'])
})

test('a name goes when every load balancer that it leads to is gone, by the word of their name servers', async () => {
  await write('a.pr-1.k8s.example.com', 'pr-1', { target: gone })
  expect(await reapedNames()).toEqual(['a.pr-1.k8s.example.com'])
})

test('load balancers of another account are there, though this one cannot list them', async () => {
  const other = universe.aws.addAccount('444455556666')
  const given = { region: 'us-east-1', name: 'a1', type: 'classic' as const, tags: {}, listeners: [] }
  const { hostname } = universe.aws.elb.create({ ...given, account: other.id })
  await write('a.pr-1.k8s.example.com', 'pr-1', { target: hostname })
  const { error, job } = await reap(universe)
  expect([error, named('a.pr-1.k8s.example.com')]).toEqual([undefined, 1])
  expect(job.lines.join('\n')).toContain(`${hostname} is not proven to be gone`)
})

test('a name that leads to anything but a load balancer stays', async () => {
  await write('a.pr-1.k8s.example.com', 'pr-1', { target: 'nobody.example.net' })
  expect(await reapedNames()).toEqual([])
})

test('name servers that do not answer prove nothing', async () => {
  await write('a.pr-1.k8s.example.com', 'pr-1', { target: gone })
  expect(await reapedNames({ 'name-servers': '127.0.0.1:9' })).toEqual([])
})

test('what a living environment has stays, whatever it leads to', async () => {
  await plant(universe, 'pr-1', { expires: 1 })
  await write('a.pr-1.k8s.example.com', 'pr-1', { target: gone, expires: -1 })
  expect(await reapedNames()).toEqual([])
})

test('a living environment of a domain inside the zone keeps its records, though another has the same owner', async () => {
  const domain = 'a.k8s.example.com'
  await plant(universe, 'default', { expires: -1 })
  await plant(universe, 'default', { expires: 1, identity: { domain } })
  await write('live.a.k8s.example.com', 'default', { target: gone, identity: { domain } })
  await write('own.k8s.example.com', 'default')
  const names = await reapedNames()
  expect(names).toContain('own.k8s.example.com')
  expect([named('live.a.k8s.example.com'), named('own.k8s.example.com')]).toEqual([1, 0])
})

test('an environment whose claim cannot be read keeps its records', async () => {
  const name = await plant(universe, 'pr-1', { expires: -1 })
  await write('a.pr-1.k8s.example.com', 'pr-1', { target: gone, expires: -1 })
  universe.aws.s3.putObject(`${name}-state`, `${name}.claim.json`, '<html>')
  const { error } = await reap(universe)
  expect(error).toBeDefined()
  expect(named('a.pr-1.k8s.example.com')).toBe(1)
})

test.each<[string, Partial<Identity>]>([
  ['another repository', { repository: { id: '42', name: 'acme/shop' } }],
  ['another account', { account: '444455556666' }],
])('names of %s stay', async (_, identity) => {
  await write('a.pr-1.k8s.example.com', 'pr-1', { target: gone, expires: -1, identity })
  expect(await reapedNames()).toEqual([])
})

test('names of the repositories in owners go', async () => {
  const identity = { repository: { id: '42', name: 'acme/shop' } }
  await write('a.pr-1.k8s.example.com', 'pr-1', { expires: -1, identity })
  expect(await reapedNames({ owners: 'acme/*' })).toEqual(['a.pr-1.k8s.example.com'])
})

test('a dry run lists names with the reason, and removes none', async () => {
  await write('a.pr-1.k8s.example.com', 'pr-1', { expires: -1 })
  await write('b.pr-2.k8s.example.com', 'pr-2')
  const before = universe.snapshot()
  const { job } = await reap(universe, { 'dry-run': 'true' })
  expect(compareSnapshots(before, universe.snapshot())).toEqual([])
  expect(job.outputs.clean).toBe(false)
  expect(job.summaries.join()).toMatch(/a\.pr-1\.k8s\.example\.com.*goes.*it expired 1h ago/)
  expect(job.summaries.join()).toMatch(/b\.pr-2\.k8s\.example\.com.*stays.*it has no expiry/)
})

test('a name that is written anew before it is removed stays', async () => {
  await write('a.pr-1.k8s.example.com', 'pr-1', { expires: -1 })
  const before = universe.zone.records.at('a.pr-1.k8s.example.com.')
  const renewed = () => {
    for (const set of before) universe.zone.records.put({ ...set, values: ['new.example.net'] })
  }
  // The zone is read once to judge, and the name once more before it is removed.
  universe.world.faults.requests.plan({
    operation: 'ListResourceRecordSets',
    client: 'teardown',
    nth: 2,
    onStrike: renewed,
  })
  expect(await reapedNames()).toEqual([])
  expect(named('a.pr-1.k8s.example.com')).toBe(1)
})
