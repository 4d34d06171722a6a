import { makeMark, writeTags } from '@meridian/identity'
import { compareSnapshots, startUniverse, type Universe } from '@meridian/lab-universe'
import { stubAws } from '@meridian/lab-universe/testing'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { tearDown } from './in-process.ts'
import {
  claimCluster,
  identityOf,
  keysOf,
  labelsOf,
  makeBucket,
  makeNamedCluster,
  makePlainBucket,
} from './lab-environment.ts'

/** One world, in which each test has an environment of its own; a limit ends only what hangs. */
let universe: Universe

beforeAll(async () => {
  universe = await startUniverse({ scale: 10_000 })
  stubAws(universe)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await universe.close()
})

const nameOf = (environment: string) => `usa.${environment}.k8s.example.com`
const inputsOf = (environment: string, more: Record<string, string> = {}) => ({
  environment,
  clusters: '[{name: usa, region: us-east-1}]',
  scope: 'clusters,state',
  ...more,
})
const inStore = (store: string) => ({ clusters: `[{name: usa, region: us-east-1, stateStore: "${store}"}]` })
const run = (environment: string, more: Record<string, string> = {}) =>
  tearDown(universe, environment, inputsOf(environment, more))
/** What AWS has under a cluster's name. */
const resourcesOf = (cluster: string) =>
  universe.world.inventory.list(({ tags }) => tags.KubernetesCluster === cluster).map(({ id }) => id)

/** Everything in the world that costs money or holds data: to be compared before and after. */
const everything = async (buckets: readonly string[]) => ({
  resources: universe.world.inventory.list().map(({ type, id, tags }) => [type, id, tags]),
  keys: await Promise.all(buckets.map(bucket => keysOf(universe, bucket))),
})

const writesOf = (client: string) =>
  universe.world.requests.all().filter(one => one.client === client && one.write).length

/** A cluster of an environment as create-cluster makes it. */
async function make(environment: string, ...flags: string[]) {
  const cluster = nameOf(environment)
  await makeBucket(universe, environment, { cluster })
  await makeNamedCluster(universe, cluster, labelsOf(environment, cluster), ...flags)
}

test('a cluster whose state was lost is not looked for in another region than its claim says', async () => {
  const fullName = nameOf('far')
  const identity = identityOf('far', { region: 'eu-west-1' })
  await makePlainBucket(universe, 'far-state')
  await claimCluster(universe, fullName, identity, 's3://far-state')
  const before = await everything(['far-state'])
  const { error } = await run('far', inStore('s3://far-state'))
  expect(error?.message).toBe(`${fullName} is in eu-west-1, not in us-east-1`)
  expect(await everything(['far-state'])).toEqual(before)
})

describe('of a shared state store', () => {
  const store = 's3://platform-state/kops'

  test('only the named cluster goes, and what others keep in it stays', async () => {
    const cluster = nameOf('shared')
    await makePlainBucket(universe, 'platform-state', { objects: ['terraform/state', 'kops/backup'] })
    await universe.addCluster('prod.example.com', { store })
    await makeNamedCluster(universe, cluster, `--state=${store}`, labelsOf('shared', cluster), '--yes')
    await claimCluster(universe, cluster, identityOf('shared'), store)
    const before = resourcesOf('prod.example.com')
    const { error, job } = await run('shared', inStore(store))
    expect([error, resourcesOf(cluster)]).toEqual([undefined, []])
    expect(resourcesOf('prod.example.com')).toEqual(before)
    const keys = await keysOf(universe, 'platform-state')
    expect(keys.filter(key => key.includes(cluster))).toEqual([])
    expect(keys).toEqual(expect.arrayContaining(['terraform/state', 'kops/backup']))
    expect(keys).toContain('kops/prod.example.com/config')
    expect(job.lines.join('\n')).toContain('kops/prod.example.com/')
  })

  test('others’ store that has the cluster’s name as its path stays, and nothing is touched', async () => {
    const cluster = nameOf('nested')
    await makePlainBucket(universe, 'nested-state', {})
    await universe.addCluster(`prod.${cluster}`, { store: `s3://nested-state/${cluster}` })
    // A run that died before kops had saved the cluster.
    await claimCluster(universe, cluster, identityOf('nested'), 's3://nested-state')
    const before = universe.snapshot()
    for (const scope of ['clusters,state', 'state']) {
      const { error } = await run('nested', { ...inStore('s3://nested-state'), scope, force: 'true' })
      expect(error?.message).toContain(`lies what kops has not made: ${cluster}/prod.${cluster}/`)
    }
    expect(compareSnapshots(before, universe.snapshot())).toEqual([])
  })

  test('a bucket with settings and tags of its own is written to under the cluster’s names only', async () => {
    const cluster = nameOf('quiet')
    await makePlainBucket(universe, 'quiet-state', { tags: { team: 'a' } })
    await makeNamedCluster(universe, cluster, '--state=s3://quiet-state', labelsOf('quiet', cluster))
    const { error } = await run('quiet', inStore('s3://quiet-state'))
    expect(error).toBeUndefined()
    const written = universe.world.requests
      .all()
      .filter(one => one.client === 'quiet' && one.write)
      .map(({ operation }) => operation)
    expect(new Set(written)).toEqual(new Set(['PutObject', 'DeleteObjects']))
    expect(universe.world.inventory.get('quiet-state')?.tags).toEqual({ team: 'a' })
  })
})

describe('nothing is touched, also with force, where', () => {
  const refused = async (environment: string, more: Record<string, string>, buckets: string[]) => {
    const before = await everything(buckets)
    const { error } = await run(environment, { ...more, force: 'true' })
    expect(await everything(buckets)).toEqual(before)
    expect(writesOf(environment)).toBe(0)
    return error?.message ?? ''
  }

  test('the cluster is another repository’s', async () => {
    const cluster = nameOf('foreign-repo')
    const repository = { id: '7', name: 'acme/a' }
    await makeBucket(universe, 'foreign-repo', { cluster, identity: { repository } })
    await makeNamedCluster(universe, cluster, labelsOf('foreign-repo', cluster, { repository }), '--yes')
    expect(await refused('foreign-repo', {}, [`${cluster}-state`])).toContain(
      `${cluster} belongs to foreign-repo.k8s.example.com of acme/a`,
    )
  })

  test('nobody has claimed the cluster', async () => {
    const cluster = nameOf('nobodys')
    await universe.addCluster(cluster, { store: 's3://nobodys-state' })
    const message = await refused('nobodys', inStore('s3://nobodys-state'), ['nobodys-state'])
    expect(message).toContain("is not Meridian's")
  })

  test('somebody runs a cluster of the same name from another store', async () => {
    const cluster = nameOf('namesake')
    await universe.addCluster(cluster, { store: 's3://team-b-state' })
    // What a run of ours has saved before it was refused.
    await makeBucket(universe, 'namesake', { cluster })
    await makeNamedCluster(universe, cluster, labelsOf('namesake', cluster))
    const message = await refused('namesake', {}, [`${cluster}-state`, 'team-b-state'])
    expect(message).toContain('nothing says whose it is')
  })

  test('the cluster lives in another region than was said', async () => {
    const cluster = nameOf('region')
    await make('region')
    const clusters = '[{name: usa, region: eu-west-1}]'
    expect(await refused('region', { clusters }, [`${cluster}-state`])).toContain(
      'is in us-east-1, not in eu-west-1',
    )
  })

  test('the store belongs to another account', async () => {
    const other = universe.aws.addAccount('444455556666')
    universe.aws.s3.addBucket(`${nameOf('account')}-state`, { account: other.id })
    expect(await refused('account', {}, [])).toContain('does not belong to account 111122223333')
  })
})

test.each(['proxy-404', 'proxy-page', 'empty-200', 'denied'] as const)(
  'a claim that is answered with %s is no claim that is absent: nothing is touched',
  async failure => {
    const environment = `answer-${failure.replaceAll(/[^a-z0-9]/g, '')}`
    const cluster = nameOf(environment)
    await make(environment)
    const fault = universe.world.faults.requests.plan({
      failure,
      service: 's3',
      operation: 'GetObject',
      key: `${cluster}.claim.json`,
      client: environment,
      nth: 1,
      times: Number.POSITIVE_INFINITY,
    })
    onTestFinished(fault.forget)
    const keys = await keysOf(universe, `${cluster}-state`)
    const { error } = await run(environment, { force: 'true' })
    expect(error).toBeDefined()
    expect([fault.struck() > 0, writesOf(environment)]).toEqual([true, 0])
    expect(await keysOf(universe, `${cluster}-state`)).toEqual(keys)
  },
)

test('a protected cluster goes only with force', async () => {
  const cluster = nameOf('protected')
  await makeBucket(universe, 'protected', { cluster, tags: { 'meridian:protect': 'true' } })
  const first = await run('protected')
  expect([first.error?.message, writesOf('protected')]).toEqual([
    expect.stringContaining('protected by the tag meridian:protect'),
    0,
  ])
  const second = await run('protected', { force: 'true' })
  expect([second.error, universe.world.inventory.get(`${cluster}-state`)]).toEqual([undefined, undefined])
})

describe('what version 0.1 made', () => {
  test('goes by the labels of the cluster, and its bucket stays with the command that removes it', async () => {
    const cluster = nameOf('older')
    const tags = { 'meridian:environment': 'older', 'meridian:owner': 'o/r' }
    await makePlainBucket(universe, `${cluster}-state`, { tags })
    await makeNamedCluster(
      universe,
      cluster,
      '--cloud-labels=meridian:environment=older,meridian:owner=o/r',
      '--yes',
    )
    const { error, job } = await run('older')
    expect([error, resourcesOf(cluster)]).toEqual([undefined, []])
    expect(await keysOf(universe, `${cluster}-state`)).toEqual([])
    expect(job.lines.join('\n')).toContain(`aws s3 rb s3://${cluster}-state --region us-east-1`)
  })

  test('marked a bucket that it was given: nothing else in it goes', async () => {
    const cluster = nameOf('tagged')
    const tags = { 'meridian:environment': 'tagged', 'meridian:owner': 'o/r' }
    await makePlainBucket(universe, `${cluster}-state`, { tags, objects: ['terraform/state'] })
    const { error } = await run('tagged')
    expect([error, writesOf('tagged')]).toEqual([undefined, 0])
    expect(await keysOf(universe, `${cluster}-state`)).toEqual(['terraform/state'])
  })
})

test('a lost state is made again only in a store of one’s own', async () => {
  const cluster = nameOf('lost-shared')
  await makePlainBucket(universe, 'others-state', { objects: ['theirs'] })
  universe.world.inventory.add({
    type: 'vpc',
    region: 'us-east-1',
    tags: {
      ...writeTags(makeMark(identityOf('lost-shared', { cluster }))),
      KubernetesCluster: cluster,
    },
  })
  const { error } = await run('lost-shared', inStore('s3://others-state'))
  expect([error?.message, writesOf('lost-shared')]).toEqual([
    expect.stringContaining("is not this run's to write to"),
    0,
  ])
  const advised = await run('lost-shared', inStore(`s3://${cluster}-lost-state`))
  expect([advised.error, resourcesOf(cluster)]).toEqual([undefined, []])
})

test('a state bucket that another cluster is making is named and fails nobody', async () => {
  await make('growing')
  const other = 'eur.growing.k8s.example.com'
  await makeBucket(universe, 'growing', { cluster: other })
  const { error, job } = await run('growing')
  expect([error, job.outputs.clean]).toEqual([undefined, true])
  expect(job.lines.join('\n')).toContain(`The state bucket ${other}-state stays`)
  expect(universe.world.inventory.get(`${other}-state`)).toBeDefined()
})

test('an Object Lock is told before anything goes', async () => {
  const cluster = nameOf('locked')
  await make('locked')
  universe.aws.s3.lock(`${cluster}-state`)
  const { job } = await run('locked', { 'dry-run': 'true' })
  expect(job.lines.join('\n')).toContain(`${cluster}-state has an Object Lock`)
})

test('a dry run lists every resource in the cloud, and writes nothing', async () => {
  await make('look', '--yes')
  const { job } = await run('look', { 'dry-run': 'true' })
  const summary = job.summaries.join()
  for (const id of resourcesOf(nameOf('look'))) expect(summary).toContain(id)
  expect(writesOf('look')).toBe(0)
})
