import { makeMark, writeTags } from '@meridian/identity'
import { compareSnapshots, type Universe } from '@meridian/lab-universe'
import type { RequestFault } from '@meridian/lab-world'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { tearDown } from '../in-process.ts'
import { identityOf } from '../lab-environment.ts'
import { birthOf, bucketOf, bucketsOf, nameIn, plant, reap, startReaping } from './lab-reap.ts'

let universe: Universe
beforeEach(async () => {
  universe = await startReaping()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await universe.close()
})

const said = ({ lines }: { lines: readonly string[] }) => lines.join('\n')
const clusters = () =>
  universe.world.inventory.list({ type: 'instance' }).map(({ tags }) => tags.KubernetesCluster)
const keys = (bucket: string) => universe.aws.s3.keys(bucket)
type Denial = Partial<RequestFault>
const fail = (fault: Denial) =>
  universe.world.faults.requests.plan({
    client: 'teardown',
    nth: 1,
    times: Number.POSITIVE_INFINITY,
    failure: 'denied',
    ...fault,
  })

describe('of a store that many share', () => {
  const store = 's3://platform-state/kops/team-a'
  const prod = 'prod.k8s.example.com'

  test('an expired cluster goes, and the hand-made one beside it stays with everything else', async () => {
    universe.aws.s3.addBucket('platform-state', { versioned: true, tags: { team: 'a' } })
    universe.aws.s3.putObject('platform-state', 'terraform.tfstate', '{}')
    await universe.addCluster(prod, { store })
    const before = universe.snapshot()
    await plant(universe, 'default', { expires: -1, built: true, store })
    const { error } = await reap(universe, { 'state-stores': store })
    expect(error).toBeUndefined()
    expect(compareSnapshots(before, universe.snapshot())).toEqual([])
    expect(clusters()).toContain(prod)
  })

  test('nothing is looked for unless it is named', async () => {
    universe.aws.s3.addBucket('platform-state', { versioned: true })
    await plant(universe, 'pr-1', { expires: -1, store })
    await reap(universe)
    expect(keys('platform-state')).toEqual([`kops/team-a/${nameIn('pr-1')}.claim.json`])
  })

  test('one that version 0.1 has tagged loses its cluster alone, by the labels of that', async () => {
    const tags = { 'meridian:environment': 'default', 'meridian:owner': 'o/r', 'meridian:expires-at': past }
    universe.aws.s3.addBucket('shared-state', { versioned: true, tags })
    await universe.addCluster(prod, { store: 's3://shared-state' })
    const usa = nameIn('default')
    await universe.addCluster(usa, { store: 's3://shared-state', labels: tags })
    const { error } = await reap(universe)
    expect(error).toBeUndefined()
    expect(new Set(clusters())).toEqual(new Set([prod]))
    expect(keys('shared-state').filter(key => key.startsWith(usa))).toEqual([])
    expect(keys('shared-state').some(key => key.startsWith(`${prod}/`))).toBe(true)
  })

  test('a tag of version 0.1 alone reaps nothing', async () => {
    const tags = { 'meridian:environment': 'default', 'meridian:owner': 'o/r', 'meridian:expires-at': past }
    universe.aws.s3.addBucket('shared-state', { versioned: true, tags })
    await universe.addCluster(prod, { store: 's3://shared-state' })
    const before = universe.snapshot()
    const { error, job } = await reap(universe)
    expect([error, compareSnapshots(before, universe.snapshot())]).toEqual([undefined, []])
    expect(said(job)).toContain('The bucket shared-state stays: it has a tag of version 0.1')
  })

  const past = birthOf({ expires: -1 }).expiresAt?.toISOString() ?? ''
})

describe('of whom environments are reaped', () => {
  const shop = { id: '42', name: 'acme/shop' }
  const blog = { id: '43', name: 'acme/blog' }
  const plantAll = async () => {
    await plant(universe, 'pr-1', { expires: -1 })
    await plant(universe, 'pr-2', { expires: -1, identity: { repository: shop } })
    await plant(universe, 'pr-3', { expires: -1, identity: { repository: blog } })
  }

  test.each<[string, Record<string, string>, string[]]>([
    ['this repository, by default', {}, ['pr-2', 'pr-3']],
    ['one that owners names', { owners: 'acme/shop' }, ['pr-1', 'pr-3']],
    ['several that owners names', { owners: 'acme/shop, o/r' }, ['pr-3']],
    ['all of an owner', { owners: 'acme/*' }, ['pr-1']],
  ])('%s', async (_, inputs, staying) => {
    await plantAll()
    const { error } = await reap(universe, inputs)
    expect(error).toBeUndefined()
    expect(bucketsOf(universe)).toEqual(staying.map(environment => bucketOf(environment)))
  })

  test('others are counted and not named', async () => {
    await plantAll()
    const { job } = await reap(universe)
    expect(said(job)).toContain('2 environments and names belong to other owners.')
    expect(said(job)).not.toContain('acme')
  })

  test('another repository with an environment of the same name keeps its own', async () => {
    await plant(universe, 'pr-1', { expires: -1 })
    const theirs = await plant(universe, 'pr-1', {
      expires: -1,
      cluster: 'eur',
      built: true,
      identity: { repository: shop },
    })
    const { error } = await reap(universe)
    expect(error).toBeUndefined()
    expect(bucketsOf(universe)).toEqual([`${theirs}-state`])
    expect(new Set(clusters())).toEqual(new Set([theirs]))
  })

  test('environments of domains inside this one are, and those outside are not', async () => {
    await plant(universe, 'pr-1', { expires: -1, identity: { domain: 'a.k8s.example.com' } })
    await plant(universe, 'pr-2', { expires: -1, identity: { domain: 'example.org' } })
    await reap(universe)
    expect(bucketsOf(universe)).toEqual(['usa.pr-2.example.org-state'])
  })
})

describe('what cannot be read', () => {
  test.each<[string, Denial, RegExp]>([
    [
      'a bucket',
      { service: 's3', resource: /usa\.pr-1/ },
      /The store s3:\/\/usa\.pr-1\.k8s\.example\.com-state could not be read/,
    ],
    [
      'a claim',
      { operation: 'GetObject', key: /usa\.pr-1.*claim\.json$/ },
      /The claim of usa\.pr-1.* could not be read/,
    ],
    ['the tags of a bucket', { operation: 'GetBucketTagging', resource: /usa\.pr-1/ }, /usa\.pr-1/],
  ])('%s: keeps its environment, is told, and stops no other', async (_, fault, text) => {
    await plant(universe, 'pr-1', { expires: -1 })
    await plant(universe, 'pr-2', { expires: -1 })
    fail(fault)
    const { error, job } = await reap(universe)
    expect(error?.message).toMatch(text)
    expect(job.outputs.clean).toBe(false)
    expect(bucketsOf(universe)).toEqual([bucketOf('pr-1')])
  })

  test('one cluster of an environment: keeps the others of it', async () => {
    await plant(universe, 'pr-1', { expires: -1 })
    await plant(universe, 'pr-1', { expires: -1, cluster: 'eur' })
    fail({ operation: 'GetObject', key: /eur.*claim\.json$/ })
    await reap(universe)
    expect(bucketsOf(universe)).toHaveLength(2)
  })

  test('a damaged claim: keeps its environment, and is told', async () => {
    const name = await plant(universe, 'pr-1', { expires: -1 })
    universe.aws.s3.putObject(`${name}-state`, `${name}.claim.json`, '<html>')
    const { error } = await reap(universe)
    expect(error?.message).toContain(`Whose ${name} is cannot be told: its claim is no JSON object of texts`)
    expect(bucketsOf(universe)).toEqual([bucketOf('pr-1')])
  })

  test('a claim that is lost, while the cluster says that it had one: keeps it, and is told', async () => {
    const name = await plant(universe, 'pr-1', { expires: -1, built: true })
    universe.aws.s3.dropObject(`${name}-state`, `${name}.claim.json`)
    const { error } = await reap(universe)
    expect(error?.message).toContain(`${name} has lost its claim`)
    expect(new Set(clusters())).toEqual(new Set([name]))
    const [, typed = ''] = /run teardown with (.+?)\. If somebody/.exec(error?.message ?? '') ?? []
    const inputs = Object.entries<unknown>(parse(`{${typed}}`)).map(([input, value]) => [
      input,
      typeof value === 'string' ? value : JSON.stringify(value),
    ])
    const followed = await tearDown(universe, 'teardown', Object.fromEntries(inputs))
    expect(followed.error).toBeUndefined()
    expect([clusters(), bucketsOf(universe)]).toEqual([[], []])
  })

  test("a page of a proxy in a claim's place: keeps its environment, and is told", async () => {
    await plant(universe, 'pr-1', { expires: -1 })
    fail({ failure: 'proxy-404', operation: 'GetObject', key: /claim\.json$/ })
    const { error } = await reap(universe)
    expect(error?.message).toContain('The claim of usa.pr-1.k8s.example.com could not be read')
    expect(bucketsOf(universe)).toEqual([bucketOf('pr-1')])
  })

  test('the records of the zone: stops no environment', async () => {
    await plant(universe, 'pr-1', { expires: -1 })
    fail({ service: 'route53', operation: 'ListResourceRecordSets' })
    const { error, job } = await reap(universe, { 'dry-run': 'true' })
    expect(error?.message).toContain('The records of k8s.example.com could not be looked through')
    expect(job.summaries.join()).toContain('1 of 1 environments')
  })

  test('the tags of a region: is told, and stops no other region', async () => {
    await plant(universe, 'pr-1', { expires: -1 })
    universe.aws.s3.addBucket('elsewhere', { region: 'eu-west-1' })
    fail({ operation: 'GetResources', nth: 1, times: 1 })
    const { error } = await reap(universe, { 'dry-run': 'true' })
    expect(error?.message).toMatch(/(eu-west-1|us-east-1) could not be looked through for state buckets/)
  })

  test('the price of an environment: is no reason to keep it', async () => {
    await plant(universe, 'pr-1', { expires: -1 })
    fail({ operation: 'ListRules', times: 1 })
    const { error, job } = await reap(universe)
    expect(error).toBeUndefined()
    expect(said(job)).toContain('The price of usa.pr-1.k8s.example.com could not be read')
    expect(bucketsOf(universe)).toEqual([])
  })

  test('a bucket that says to be of others: is not told', async () => {
    const identity = { repository: { id: '42', name: 'acme/shop' } }
    await plant(universe, 'pr-1', { expires: -1, identity })
    fail({ service: 's3', resource: /usa\.pr-1/ })
    const { error } = await reap(universe)
    expect(error).toBeUndefined()
  })
})

test('a bucket that a run has left before it claimed its cluster goes when its own tags have expired', async () => {
  const name = nameIn('pr-1')
  const mark = makeMark(identityOf('pr-1', { cluster: name }), birthOf({ expires: -1 }))
  universe.aws.s3.addBucket(`${name}-state`, { versioned: true, tags: writeTags(mark) })
  const { error } = await reap(universe)
  expect(error).toBeUndefined()
  expect(bucketsOf(universe)).toEqual([])
})

test('environments that stay since kops cannot be had are told at the end of the run', async () => {
  await plant(universe, 'pr-1', { expires: -1 })
  const { error, job } = await reap(universe, { 'kops-path': '/nowhere/kops' })
  expect(error?.message).toContain('no environment can be destroyed without kops')
  expect(job.outputs.clean).toBe(false)
  expect(bucketsOf(universe)).toEqual([bucketOf('pr-1')])
})
