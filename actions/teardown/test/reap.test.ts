import { Route53Client } from '@aws-sdk/client-route-53'
import { connectAws, s3 } from '@meridian/aws'
import { applyGroup, planGroup, readGroup } from '@meridian/dns'
import { startUniverse, type Universe } from '@meridian/lab'
import { testJob } from '@meridian/runner/testing'
import { acquireLease } from '@meridian/state'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startGithub } from './github-server.ts'
import { tearDown } from './in-process.ts'
import { makeBucket, makeNamedCluster, writes } from './lab-environment.ts'

let universe: Universe

beforeEach(async () => {
  universe = await startUniverse({ scale: 10_000 })
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    vi.stubEnv(name, universe.env[name])
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await universe.close()
})

const instant = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
const expired = { 'meridian:expires-at': instant(-1), 'meridian:created-at': instant(-5) }
const pull = (number: number) => ({ 'meridian:owner': 'o/r', 'meridian:pull-request': String(number) })
const bucketOf = (environment: string) => `usa.${environment}.k8s.example.com-state`
const make = (environment: string, tags: Record<string, string>) =>
  makeBucket(universe, environment, { name: bucketOf(environment), tags })
const reap = (inputs: Record<string, string> = {}, env: Record<string, string> = {}) =>
  tearDown(
    universe,
    'teardown',
    { mode: 'reap', ...inputs },
    { env: { GITHUB_API_URL: 'http://127.0.0.1:9', ...env } },
  )
const buckets = () => universe.world.inventory.list({ type: 'bucket' }).map(({ id }) => id)

test('what has expired goes with all it has, and what is wanted stays', async () => {
  await make('pr-1', expired)
  await makeNamedCluster(universe, 'usa.pr-1.k8s.example.com', '--yes')
  await make('pr-2', { 'meridian:expires-at': instant(1) })
  await make('pr-3', { ...expired, 'meridian:protect': 'true' })
  await makeBucket(universe, 'default', { name: 'nameless-state' })
  await makeBucket(universe, 'default', { name: 'kept-from-us' })
  const { error, job } = await reap()
  expect(error).toBeUndefined()
  expect(
    universe.world.inventory
      .list()
      .map(({ id }) => id)
      .sort(),
  ).toEqual([bucketOf('pr-2'), bucketOf('pr-3'), 'nameless-state', 'kept-from-us'].sort())
  expect(job.outputs.deleted).toMatchObject([
    { type: 'cluster' },
    { type: 'state-bucket', id: bucketOf('pr-1') },
  ])
  expect(job.summaries.join()).toContain('1 of 3 environments are gone')
  const said = job.lines.join('\n')
  expect(said).toContain("nameless-state stays: no cluster's name follows from its name and tags")
  expect(said).toContain('kept-from-us stays: AWS refused s3')
})

test('an environment goes with its pull request, and stays if GitHub does not tell', async () => {
  await using github = await startGithub({
    '/repos/o/r/pulls/1': 'closed',
    '/repos/o/r/pulls/2': 'open',
    '/repos/o/r/pulls/3': 404,
    '/repos/o/r/pulls/4': 403,
    '/repos/o/r/pulls/5': 500,
  })
  for (const number of [1, 2, 3, 4, 5]) await make(`pr-${number}`, pull(number))
  const { error, job } = await reap({ 'github-token': 'a-token' }, { GITHUB_API_URL: github.url })
  expect(error).toBeUndefined()
  expect(buckets()).toEqual([2, 3, 4, 5].map(number => bucketOf(`pr-${number}`)))
  expect(job.lines.join('\n')).toMatch(
    /pr-3.*stays: its pull request could not be asked for: GitHub answered 404/,
  )
  expect(github.asked.every(({ authorization }) => authorization === 'Bearer a-token')).toBe(true)
})

test('a dry run writes nothing and shows what would go', async () => {
  await make('pr-1', expired)
  const { job } = await reap({ 'dry-run': 'true' })
  expect(job.summaries.join()).toContain('1 of 1 environments would go')
  expect([job.outputs.clean, job.outputs.deleted]).toEqual([false, []])
  expect(writes(universe)).toEqual([])
})

test('more clusters than max-clusters are refused before anything is deleted', async () => {
  await make('pr-1', expired)
  await make('pr-2', expired)
  const { error } = await reap({ 'max-clusters': '1' })
  expect(error?.message).toBe(
    '2 clusters are to be deleted, but max-clusters is 1: pr-1.k8s.example.com, pr-2.k8s.example.com',
  )
  expect(writes(universe)).toEqual([])
})

/** Does something at the moment in which the reaper has taken a lease. */
function whenLeased(act: () => void) {
  const fault = { operation: 'PutObject', client: 'teardown', nth: 1, onStrike: act }
  universe.world.faults.requests.plan(fault)
}

test('an environment that another run works on stays, and the others go', async () => {
  await make('pr-1', expired)
  await make('pr-2', expired)
  const job = testJob({ env: universe.env, action: 'create-cluster' })
  const store = s3(await connectAws(job, {}), 'us-east-1')
  const fullName = 'usa.pr-1.k8s.example.com'
  await using _lease = await acquireLease(store, { bucket: bucketOf('pr-1'), fullName, job })
  const { error, job: ended } = await reap()
  expect(error).toBeUndefined()
  expect(ended.lines.join('\n')).toContain(
    'pr-1.k8s.example.com stays for now: usa.pr-1.k8s.example.com is being worked on by create-cluster',
  )
  expect(buckets()).toEqual([bucketOf('pr-1')])
})

test('an environment whose life is prolonged in the last moment stays', async () => {
  await make('pr-1', expired)
  whenLeased(() => universe.world.inventory.tag(bucketOf('pr-1'), { 'meridian:expires-at': instant(1) }))
  const { error, job } = await reap()
  expect(error).toBeUndefined()
  expect(job.lines.join('\n')).toContain('pr-1.k8s.example.com stays for now: it expires in')
  expect(buckets()).toEqual([bucketOf('pr-1')])
})

test('records that lead nowhere go, and those that lead to something stay', async () => {
  const { env, zone } = universe
  const client = new Route53Client({
    endpoint: env.AWS_ENDPOINT_URL ?? '',
    region: 'us-east-1',
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    },
  })
  const alive = universe.aws.elb.create({
    region: 'us-east-1',
    name: 'a1',
    type: 'classic',
    tags: {},
    listeners: [],
  })
  const write = async (fqdn: string, owner: string, target: string) => {
    const record = { kind: 'cname', region: 'us-east-1', target, ttl: 60 } as const
    const wish = { fqdn, owner, records: [record], adopt: false, maxDeletes: 1, minRegions: 1 }
    const decide = async () => planGroup(wish, await readGroup(client, zone, fqdn))
    await applyGroup(testJob(), client, zone, await decide(), decide)
  }
  const dead = 'gone-1.us-east-1.elb.amazonaws.com'
  await make('pr-2', {})
  await write('a.pr-1.k8s.example.com', 'pr-1', dead)
  await write('b.pr-1.k8s.example.com', 'pr-1', alive.hostname)
  await write('c.pr-1.k8s.example.com', 'pr-1', 'www.example.net')
  await write('d.pr-2.k8s.example.com', 'pr-2', dead)
  const { error, job } = await reap()
  client.destroy()
  expect(error).toBeUndefined()
  expect(job.outputs.deleted).toEqual([{ type: 'records', id: 'a.pr-1.k8s.example.com' }])
})
