import { fileURLToPath } from 'node:url'
import { makeMark, writeClaim, writeTags } from '@meridian/identity'
import { type ActionRun, runAction } from '@meridian/lab-runner'
import { labBoundary, startUniverse, type Universe } from '@meridian/lab-universe'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const dir = fileURLToPath(new URL('..', import.meta.url))
const fullName = 'usa.k8s.example.com'
const shared = 's3://platform-state/kops'
const folder = `kops/${fullName}`
let universe: Universe

// Of several runs of the built action each.

beforeEach(async () => {
  universe = await startUniverse({ scale: 10_000 })
})
afterEach(() => universe.close())

function run(inputs: Record<string, string> = {}, env: Record<string, string> = {}): Promise<ActionRun> {
  const given = {
    name: 'usa',
    domain: 'k8s.example.com',
    zones: 'us-east-1a',
    'validate-count': '1',
    'permissions-boundary': labBoundary,
  }
  return runAction({ dir, inputs: { ...given, ...inputs }, env: { ...universe.env, ...env } })
}

/** For a cluster that others have made without one. */
const unbounded = { 'permissions-boundary': '' }

const elsewhere = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_REPOSITORY_ID: '2002' }
const said = (ran: ActionRun) => ran.annotations.map(({ message }) => message).join('\n')
const requests = () => universe.world.requests.all()
const writesSince = (start: number) =>
  requests()
    .slice(start)
    .filter(({ write, client }) => write && (client === 'create-cluster' || client === 'kops'))
    .map(({ client, operation }) => `${client} ${operation}`)
/** Everything that is there, and what everything says. */
const everything = () => ({
  resources: universe.world.inventory.list().map(({ id, tags, state }) => ({ id, tags: { ...tags }, state })),
  objects: universe.aws.s3
    .buckets()
    .flatMap(({ name }) =>
      universe.aws.s3.keys(name).map(key => [name, key, universe.aws.s3.readObject(name, key)]),
    ),
})
const claimOf = (bucket: string, key: string): unknown =>
  JSON.parse(universe.aws.s3.readObject(bucket, `${key}.claim.json`) ?? 'null')
const machines = () =>
  universe.world.inventory
    .list({ type: 'instance' })
    .map(({ id }) => id)
    .sort()

/** It refuses, with these words, and nothing whatever has been written. */
async function expectRefusal(inputs: Record<string, string>, words: string | RegExp, env = {}) {
  const before = everything()
  const start = requests().length
  for (const dry of ['true', 'false']) {
    const refused = await run({ ...inputs, 'dry-run': dry }, env)
    const text = dry === 'true' && refused.exitCode === 0 ? refused.summary : said(refused)
    expect(text).toMatch(words)
    expect(refused.exitCode === 0).toBe(dry === 'true' && text === refused.summary)
    expect(refused.stdout).not.toContain('run teardown')
  }
  expect(writesSince(start)).toEqual([])
  expect(everything()).toEqual(before)
}

describe('a store of many clusters', () => {
  test('gets the folder, the claim and the lease of a new cluster, and nothing else of it changes', async () => {
    await universe.addCluster('prod.k8s.example.com', { store: shared, storeRegion: 'eu-west-1' })
    universe.aws.s3.putObject('platform-state', 'terraform.tfstate', 'state')
    const before = everything()
    const settings = structuredClone(universe.aws.s3.buckets().map(({ objects: _, ...bucket }) => bucket))
    const made = await run({ 'state-store': shared })
    expect(said(made)).toBe('')
    expect(made.outputs).toMatchObject({ created: 'true', 'state-store': shared })
    const after = everything()
    expect(after.resources).toEqual(expect.arrayContaining(before.resources))
    expect(after.objects).toEqual(expect.arrayContaining(before.objects))
    const added = after.objects.map(([, key = '']) => key).filter(key => key.includes('usa'))
    expect(added.filter(key => !key.startsWith(`${folder}/`))).toEqual([
      `${folder}.claim.json`,
      `${folder}.lease.json`,
    ])
    expect(universe.aws.s3.buckets().map(({ objects: _, ...bucket }) => bucket)).toEqual(settings)
  })
})

test('a cluster of which only the claim is left is looked for where that says, before it is made elsewhere', async () => {
  const inputs = { 'state-store': shared }
  universe.aws.s3.addBucket('platform-state', { region: 'eu-west-1', versioned: true })
  expect((await run(inputs)).exitCode).toBe(0)
  expect(claimOf('platform-state', folder)).toMatchObject({ region: 'us-east-1' })
  for (const key of universe.aws.s3.keys('platform-state'))
    if (key.startsWith(`${folder}/`)) universe.aws.s3.dropObject('platform-state', key)
  const before = machines()
  const refused = await run({ ...inputs, zones: 'eu-west-1a' })
  expect(said(refused)).toContain('its state was lost, or lies in another store')
  expect(machines()).toEqual(before)
})

describe('a cluster that nobody has claimed', () => {
  beforeEach(() => universe.addCluster(fullName, { store: shared, nodes: 3 }))
  const inputs = { 'state-store': shared, ...unbounded }

  test('is used as it is: context, outputs and health, and nothing is written', async () => {
    const before = everything()
    const start = requests().length
    const used = await run({ ...inputs, 'node-count': '1', ttl: '8h' })
    expect(used.exitCode).toBe(0)
    expect(used.outputs).toMatchObject({ created: 'false', context: 'usa', 'expires-at': '' })
    expect(JSON.parse(used.outputs.nodes ?? '')).toHaveLength(4)
    expect(used.stdout).toContain('nobody has claimed it. It is used as it is, and not changed.')
    expect(used.stdout).toContain('node-count is 3, not 1. It stays as it is.')
    expect(used.stdout).not.toContain('run teardown')
    expect(writesSince(start)).toEqual([])
    expect(everything()).toEqual(before)
  })

  test('is claimed where that is asked for, keeps its nodes, and may be changed from then on', async () => {
    const dry = await run({ ...inputs, adopt: 'true', 'dry-run': 'true' })
    expect(dry.summary).toContain('it would be claimed, and not changed otherwise')
    expect(claimOf('platform-state', folder)).toBeNull()
    const before = machines()
    const adopted = await run({ ...inputs, adopt: 'true', ttl: '8h' })
    expect(said(adopted)).toBe('')
    expect(claimOf('platform-state', folder)).toMatchObject({
      environment: 'default',
      'expires-at': adopted.outputs['expires-at'],
    })
    expect(machines()).toEqual(before)
    expect(JSON.parse((await run(inputs)).outputs.nodes ?? '')).toHaveLength(4)
    const smaller = await run({ ...inputs, 'node-count': '2' })
    expect(JSON.parse(smaller.outputs.nodes ?? '')).toHaveLength(3)
  })

  test('in another region than it is said to be is refused', () =>
    expectRefusal({ ...inputs, zones: 'eu-west-1a' }, 'is in us-east-1, not in eu-west-1'))

  test('of another name is used by its full name, and none is created by it', async () => {
    const used = await run({ ...inputs, name: 'live', 'full-name': fullName, zones: '', region: 'us-east-1' })
    expect(said(used)).toBe('')
    expect(JSON.parse(used.outputs.cluster ?? '')).toMatchObject({
      name: 'live',
      fullName,
      stateStore: shared,
    })
    await expectRefusal({ ...inputs, 'full-name': 'other.k8s.example.com' }, 'full-name is for one that is')
  })
})

describe('a cluster of another owner', () => {
  test('is refused with whose it is, also where it is to be adopted', async () => {
    expect(said(await run({}, elsewhere))).toBe('')
    await expectRefusal({ adopt: 'true' }, /it belongs to k8s\.example\.com of acme\/shop/)
  })

  test('is ours again where its repository is named', async () => {
    expect(said(await run({}, { ...elsewhere, GITHUB_REPOSITORY_ID: '' }))).toBe('')
    expect(said(await run({ repository: 'acme/shop' }))).toBe('')
  })

  test('that others have made since ours was begun is refused: kops would mix the two', async () => {
    const mark = makeMark({
      domain: 'k8s.example.com',
      repository: { id: '2002', name: 'acme/shop' },
      cluster: fullName,
    })
    const labels = Object.entries(writeTags(mark)).map(([key, value]) => `${key}=${value}`)
    universe.aws.s3.addBucket('begun-state', { versioned: true })
    await universe.kops(
      `create cluster ${fullName} --state=s3://begun-state --zones=us-east-1a --cloud-labels=${labels.join(',')}`,
      universe.env,
    )
    universe.aws.s3.putObject(
      'begun-state',
      `${fullName}.claim.json`,
      writeClaim({ ...mark, unfinished: 'x' }),
    )
    await universe.addCluster(fullName, { store: shared, zone: 'us-east-1a' })
    await expectRefusal({ 'state-store': 's3://begun-state' }, 'which its own kops has not made', elsewhere)
  })

  test('that lives from another store is refused, and its removal is not recommended', async () => {
    await universe.addCluster(fullName, { store: 's3://platform-state/kops', labels: { team: 'a' } })
    await expectRefusal(
      {},
      /s3:\/\/usa\.k8s\.example\.com-state does not have it, but AWS has \d+ things of that name/,
    )
  })
})

describe('a bucket of another account', () => {
  test('is refused, however open it is: it would receive the keys of the cluster', async () => {
    const stranger = universe.aws.addAccount('444455556666')
    universe.aws.s3.addBucket(`${fullName}-state`, { account: stranger.id })
    universe.aws.s3.openBucket(`${fullName}-state`, universe.world.accountId)
    await expectRefusal({}, 'does not belong to account 111122223333')
  })
})

describe('a cluster of ours', () => {
  test('is never deleted: not without its finished spec, nor where a proxy says that it has none', async () => {
    expect(said(await run())).toBe('')
    const before = machines()
    universe.aws.s3.dropObject(`${fullName}-state`, `${fullName}/cluster-completed.spec`)
    const more = await run({ 'node-count': '2' })
    expect(said(more)).toBe('')
    expect(machines()).toEqual(expect.arrayContaining(before))
    expect(machines()).toHaveLength(3)
    universe.world.faults.requests.plan({
      ...{ failure: 'proxy-404', client: 'create-cluster', nth: 1, times: 99 },
      key: `${fullName}/config`,
    })
    const start = requests().length
    const lied = await run({ 'node-count': '3' })
    expect(said(lied)).toContain('something that is not AWS')
    expect(writesSince(start)).toEqual([])
    expect(machines()).toHaveLength(3)
  })

  test('does not get what others have saved and not applied, unless that is asked for', async () => {
    expect(said(await run())).toBe('')
    const target = `--name=${fullName} --state=s3://${fullName}-state`
    const sizes = '--set=spec.minSize=3 --set=spec.maxSize=3'
    await universe.kops(`edit instancegroup nodes-us-east-1a ${target} ${sizes}`)
    const before = machines()
    expect(said(await run({ wait: 'false' }))).toBe('')
    expect(machines()).toEqual(before)
    const refused = await run({ 'api-access': '192.0.2.0/24' })
    expect(said(refused)).toMatch(
      /others have saved changes.*AutoscalingGroup\/nodes-us-east-1a.*set apply-pending to true/s,
    )
    expect(machines()).toEqual(before)
    const applied = await run({ 'apply-pending': 'true' })
    expect(said(applied)).toBe('')
    expect(applied.stdout).toMatch(
      /Others have saved and not applied: modify AutoscalingGroup\/nodes-us-east-1a/,
    )
    expect(machines()).toHaveLength(4)
  })

  test('of version 0.1 is known by its own labels, and claimed', async () => {
    const labels = { 'meridian:environment': 'default', 'meridian:owner': 'o/r' }
    await universe.addCluster(fullName, { store: shared, labels })
    const before = machines()
    const found = await run({ 'state-store': shared, ...unbounded }, { GITHUB_REPOSITORY: 'o/r' })
    expect(said(found)).toBe('')
    expect(claimOf('platform-state', folder)).toMatchObject({ schema: '2', domain: 'k8s.example.com' })
    expect(machines()).toEqual(before)
  })

  test('without a readable claim is refused', async () => {
    expect(said(await run())).toBe('')
    universe.aws.s3.putObject(`${fullName}-state`, `${fullName}.claim.json`, '<html>sign in</html>')
    await expectRefusal({}, 'whose it is cannot be told: its claim is no JSON object of texts')
  })
})
