import { connectAws } from '@meridian/aws'
import { documentedPolicies } from '@meridian/lab-aws'
import { compareSnapshots, type Universe } from '@meridian/lab-universe'
import { testJob } from '@meridian/runner/testing'
import { acquireLease, openStore } from '@meridian/state'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { inventory, writes } from '../lab-environment.ts'
import { startGithub } from './github-server.ts'
import { bucketOf, bucketsOf, nameIn, plant, reap, renew, startReaping } from './lab-reap.ts'

let universe: Universe
beforeEach(async () => {
  universe = await startReaping()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await universe.close()
})

const said = ({ lines }: { lines: readonly string[] }) => lines.join('\n')

test('what has expired goes with all it has, and what is wanted stays', async () => {
  await plant(universe, 'pr-1', { expires: -1, built: true })
  await plant(universe, 'pr-2', { expires: 1 })
  await plant(universe, 'pr-3')
  const { error, job } = await reap(universe)
  expect(error).toBeUndefined()
  expect(inventory(universe).sort()).toEqual([`bucket ${bucketOf('pr-2')}`, `bucket ${bucketOf('pr-3')}`])
  expect(job.outputs.deleted).toMatchObject([
    { type: 'cluster', id: nameIn('pr-1') },
    { type: 'state-bucket', id: bucketOf('pr-1') },
    { type: 'state', id: `s3://${bucketOf('pr-1')}/${nameIn('pr-1')}` },
  ])
  expect(job.outputs.clean).toBe(true)
  expect(job.summaries.join()).toContain('1 of 3 environments are gone')
})

test('whoever tells pull requests of it learns what is gone, and what stays', async () => {
  await plant(universe, 'pr-1', { expires: -1, pullRequest: 1 })
  await plant(universe, 'pr-2', { expires: 1 })
  await plant(universe, 'default', { expires: -1 })
  const { job } = await reap(universe, { 'dry-run': 'true' })
  expect(job.outputs.environments).toMatchObject([
    { environment: 'pr-1', gone: false },
    { environment: 'pr-2' },
  ])
  const { job: done } = await reap(universe)
  expect(done.outputs.environments).toEqual([
    {
      ...{ environment: 'pr-1', domain: 'k8s.example.com', repository: 'o/r', pullRequest: '1', gone: true },
      reason: expect.stringContaining('it expired 1h ago'),
    },
    {
      ...{ environment: 'pr-2', domain: 'k8s.example.com', repository: 'o/r', gone: false },
      reason: expect.stringContaining('it expires in'),
    },
  ])
})

test('all clusters of an environment go, in whatever stores they are', async () => {
  universe.aws.s3.addBucket('platform-state', { versioned: true })
  await plant(universe, 'pr-1', { expires: -1, built: true })
  await plant(universe, 'pr-1', {
    expires: -1,
    built: true,
    cluster: 'eur',
    store: 's3://platform-state/kops',
  })
  const { error } = await reap(universe, { 'state-stores': 's3://platform-state/kops' })
  expect(error).toBeUndefined()
  expect(inventory(universe)).toEqual(['bucket platform-state'])
  expect(universe.aws.s3.keys('platform-state')).toEqual([])
})

test('what lives of a cluster whose state was lost goes from its own region, wherever its store is', async () => {
  const store = 's3://platform-state'
  universe.aws.s3.addBucket('platform-state', { region: 'eu-west-1', versioned: true })
  const identity = { region: 'us-east-1' }
  const name = await plant(universe, 'pr-1', { expires: -1, built: true, store, identity })
  for (const key of universe.aws.s3.keys('platform-state'))
    if (key.startsWith(`${name}/`)) universe.aws.s3.dropObject('platform-state', key)
  const { error } = await reap(universe, { 'state-stores': store })
  expect(error).toBeUndefined()
  expect(inventory(universe)).toEqual(['bucket platform-state'])
  expect(universe.aws.s3.keys('platform-state')).toEqual([])
})

test('an environment of which one cluster is wanted stays whole', async () => {
  await plant(universe, 'pr-1', { expires: -1 })
  await plant(universe, 'pr-1', { expires: 1, cluster: 'eur' })
  const { error, job } = await reap(universe)
  expect(error).toBeUndefined()
  expect(bucketsOf(universe)).toHaveLength(2)
  expect(said(job)).toContain(`of ${nameIn('pr-1', 'eur')}: it expires in`)
})

test('what somebody has protected stays', async () => {
  await plant(universe, 'pr-1', { expires: -1, isProtected: true })
  const { error, job } = await reap(universe)
  expect(error).toBeUndefined()
  expect(bucketsOf(universe)).toEqual([bucketOf('pr-1')])
  expect(said(job)).toContain('stays: it is protected by the tag meridian:protect')
})

test('an environment goes with its pull request, and stays if GitHub does not tell', async () => {
  const id = 1001
  await using github = await startGithub({
    '/repos/o/r/pulls/1': { state: 'closed', id },
    '/repos/o/r/pulls/2': { state: 'open', id },
    '/repos/o/r/pulls/3': 404,
    '/repos/o/r/pulls/4': 403,
    '/repos/o/r/pulls/5': 500,
    '/repos/o/r/pulls/6': { state: 'closed', id: 7 },
  })
  for (const pullRequest of [1, 2, 3, 4, 5, 6]) await plant(universe, `pr-${pullRequest}`, { pullRequest })
  const { error, job } = await reap(universe, { 'github-token': 'a-token' }, { GITHUB_API_URL: github.url })
  expect(error).toBeUndefined()
  expect(bucketsOf(universe)).toEqual([2, 3, 4, 5, 6].map(number => bucketOf(`pr-${number}`)))
  expect(said(job)).toMatch(/pr-3.*stays: its pull request could not be asked for: GitHub answered 404/)
  expect(said(job)).toMatch(/pr-6.*stays: .*is of another repository than the one with the id 1001/)
  expect(github.asked.every(({ authorization }) => authorization === 'Bearer a-token')).toBe(true)
})

test("GitHub's rate limit is waited for, and is no answer", async () => {
  await using github = await startGithub({
    '/repos/o/r/pulls/1': [429, { state: 'closed', id: 1001 }],
    '/repos/o/r/pulls/2': 429,
  })
  for (const pullRequest of [1, 2]) await plant(universe, `pr-${pullRequest}`, { pullRequest })
  const { error, job } = await reap(universe, { 'github-token': 'a-token' }, { GITHUB_API_URL: github.url })
  expect(error).toBeUndefined()
  expect(bucketsOf(universe)).toEqual([bucketOf('pr-2')])
  expect(said(job)).toMatch(/pr-2.*stays: its pull request could not be asked for: GitHub's rate limit \(429/)
})

test('a dry run writes nothing and shows what would go, and what stays and why', async () => {
  await plant(universe, 'pr-1', { expires: -1, age: 5, built: true })
  await plant(universe, 'pr-2', { expires: 2 })
  const before = universe.snapshot()
  const { job } = await reap(universe, { 'dry-run': 'true' })
  expect(compareSnapshots(before, universe.snapshot())).toEqual([])
  expect(writes(universe)).toEqual([])
  const [summary = ''] = job.summaries
  expect(summary).toContain('1 of 2 environments would go')
  expect(summary).toMatch(/pr-1\.k8s\.example\.com.*usa.*us-east-1.*5h.*\$0\.\d+ per hour.*goes.*it expired/)
  expect(summary).toMatch(/pr-2\.k8s\.example\.com.*stays.*it expires in/)
  expect([job.outputs.clean, job.outputs.deleted]).toEqual([false, []])
})

test('a run takes the oldest environments that fit in max-clusters, and says what it leaves', async () => {
  await plant(universe, 'pr-1', { expires: -1, age: 2 })
  await plant(universe, 'pr-2', { expires: -1, age: 9 })
  await plant(universe, 'pr-3', { expires: -1, age: 5 })
  const { error, job } = await reap(universe, { 'max-clusters': '2' })
  expect(error).toBeUndefined()
  expect(bucketsOf(universe)).toEqual([bucketOf('pr-1')])
  expect(said(job)).toContain('Left to the next run, since max-clusters is 2: pr-1.k8s.example.com')
})

test('an environment that is larger than max-clusters fails the run, and the others go', async () => {
  for (const cluster of ['usa', 'eur']) await plant(universe, 'pr-1', { expires: -1, age: 9, cluster })
  await plant(universe, 'pr-2', { expires: -1, age: 1 })
  const { error } = await reap(universe, { 'max-clusters': '1' })
  expect(error?.message).toContain('pr-1.k8s.example.com has 2 clusters, but max-clusters is 1: raise it')
  expect(bucketsOf(universe)).toEqual([bucketOf('pr-1', 'eur'), bucketOf('pr-1')])
})

test('an environment that another run works on stays for the next time, and the others go', async () => {
  await plant(universe, 'pr-1', { expires: -1 })
  await plant(universe, 'pr-2', { expires: -1 })
  const job = testJob({ env: universe.env, action: 'create-cluster' })
  const aws = await connectAws(job, {})
  const place = { near: 'us-east-1', account: universe.world.accountId }
  const store = await openStore(aws, { bucket: bucketOf('pr-1'), path: '' }, place)
  if (store === undefined) throw new Error('the bucket was just made')
  await using _lease = await acquireLease(store, { fullName: nameIn('pr-1'), job })
  const { error, job: ended } = await reap(universe)
  expect(error).toBeUndefined()
  expect(said(ended)).toContain(
    '[pr-1.k8s.example.com] It stays for now: usa.pr-1.k8s.example.com is being worked on by create-cluster',
  )
  expect(bucketsOf(universe)).toEqual([bucketOf('pr-1')])
})

test('an environment whose life is prolonged in the last moment stays', async () => {
  await plant(universe, 'pr-1', { expires: -1 })
  const isLeased = { operation: 'PutObject', client: 'teardown', nth: 1 }
  universe.world.faults.requests.plan({
    ...isLeased,
    onStrike: () => renew(universe, 'pr-1', { expires: 1 }),
  })
  const { error, job } = await reap(universe)
  expect(error).toBeUndefined()
  expect(said(job)).toContain('[pr-1.k8s.example.com] It stays for now: it expires in')
  expect(bucketsOf(universe)).toEqual([bucketOf('pr-1')])
})

describe('an environment of which a cluster is claimed in the last moment stays, wherever that is', () => {
  /** Something happens when the run writes its lease. */
  const whenLeased = (onStrike: () => void) =>
    universe.world.faults.requests.plan({
      operation: 'PutObject',
      client: 'teardown',
      nth: 1,
      onStrike,
    })

  test.each<[string, string | undefined, Record<string, string>]>([
    ['in a store of its own', undefined, {}],
    ['beside another cluster of it', `s3://${bucketOf('pr-1')}`, {}],
    ['in a shared store', 's3://platform-state', { 'state-stores': 's3://platform-state' }],
  ])('%s', async (_, store, inputs) => {
    universe.aws.s3.addBucket('platform-state', { versioned: true })
    await plant(universe, 'pr-1', { expires: -1, built: true })
    const before = inventory(universe)
    whenLeased(() => {
      void plant(universe, 'pr-1', { expires: -1, cluster: 'eur', ...(store !== undefined && { store }) })
    })
    const { error, job } = await reap(universe, inputs)
    expect(error).toBeUndefined()
    expect(said(job)).toContain(`It stays for now: ${nameIn('pr-1', 'eur')} has been claimed for it since`)
    expect(inventory(universe)).toEqual(expect.arrayContaining(before))
  })

  test('and so it does where that could be seen before and cannot any more', async () => {
    await plant(universe, 'pr-1', { expires: -1 })
    whenLeased(() => {
      const fault = { operation: 'GetResources', client: 'teardown', nth: 1, failure: 'denied' } as const
      universe.world.faults.requests.plan(fault)
    })
    const { error } = await reap(universe)
    expect(error?.message).toContain('pr-1.k8s.example.com: us-east-1 could not be looked through once more')
    expect(bucketsOf(universe)).toEqual([bucketOf('pr-1')])
  })
})

test('a domain without a hosted zone is reaped without asking for one', async () => {
  const domain = 'nozone.test'
  const universe = await startReaping(documentedPolicies({ Domain: domain }))
  onTestFinished(() => universe.close())
  await plant(universe, 'pr-1', { expires: -1, built: true, identity: { domain } })
  const { error } = await reap(universe, { domain })
  expect(error).toBeUndefined()
  expect(inventory(universe)).toEqual([])
})
