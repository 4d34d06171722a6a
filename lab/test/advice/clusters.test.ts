import { claimKey, makeMark, writeClaim, writeTags } from '@meridian/identity'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Repository, shop } from '../ownership/owners.ts'
import { type Run, runHere } from '../ownership/run-here.ts'
import { policiesFor } from '../shared-store/narrow-policies.ts'
import { follow, refusal, setting } from './follow.ts'

/** What create-cluster and teardown say of clusters is followed to the letter. */

const other: Repository = { id: '2002', name: 'acme/other' }
const fullName = 'usa.k8s.example.com'
const shared = 's3://platform/kops'
const inShared = { 'state-store': shared }
// Ends what hangs.
let universe: Universe

beforeEach(async () => {
  universe = await startUniverse({ scale: 10_000, policies: policiesFor(shared) })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await universe.close()
})

const run = (given: Run) => runHere(universe, given)
const create = (inputs: Record<string, string> = {}, repository?: Repository) =>
  run({
    action: 'create-cluster',
    inputs: { name: 'usa', domain: 'k8s.example.com', zones: 'us-east-1a', wait: 'false', ...inputs },
    ...(repository && { repository }),
  })
const down = (inputs: Record<string, string> = {}) =>
  run({
    action: 'teardown',
    inputs: { domain: 'k8s.example.com', clusters: '[{name: usa, region: us-east-1}]', ...inputs },
  })
const errorOf = async (ran: ReturnType<typeof run>) => (await ran).error
const resources = () =>
  universe.world.inventory.list(({ tags }) => tags.KubernetesCluster === fullName).map(({ id }) => id)
const ownKeys = (bucket: string) => universe.aws.s3.keys(bucket).filter(key => key.includes(fullName))

describe('a cluster of another repository', () => {
  beforeEach(async () => {
    universe.aws.s3.addBucket('platform')
    expect(await errorOf(create(inShared, other))).toBeUndefined()
  })

  test('is acted upon as that repository says, by the input that create-cluster names', async () => {
    const said = refusal(await create(inShared))
    expect(said).toContain('it belongs to k8s.example.com of acme/other')
    expect(await errorOf(create({ ...inShared, ...setting(said, 'repository') }))).toBeUndefined()
  })

  test('goes by the input that teardown names', async () => {
    const clusters = `[{name: usa, region: us-east-1, stateStore: '${shared}'}]`
    const said = refusal(await down({ clusters, force: 'true' }))
    const { error, job } = await down({ clusters, ...setting(said, 'repository') })
    expect([error, job.outputs.clean, resources(), ownKeys('platform')]).toEqual([undefined, true, [], []])
  })
})

test('of a namesake of the own repository no input makes the run its own', async () => {
  expect(await errorOf(create({}, { id: '3003', name: 'acme/shop' }))).toBeUndefined()
  expect(refusal(await create())).not.toContain('set repository')
  expect(refusal(await down())).not.toContain('set repository')
})

describe('a cluster that nobody has claimed', () => {
  beforeEach(() => universe.addCluster(fullName, { store: shared }))
  const clusters = `[{name: usa, region: us-east-1, stateStore: '${shared}'}]`

  test('is found with the state store that has it', async () => {
    const said = refusal(await create())
    expect(said).toContain('give that as state-store')
    const { error, job, differences } = await create(inShared)
    expect([error, differences]).toEqual([undefined, []])
    expect(job.lines.join('\n')).toContain('set adopt to true')
  })

  test('is claimed as teardown says, and goes then', async () => {
    const said = refusal(await down({ clusters, force: 'true' }))
    expect(await errorOf(run(follow(said, 'create-cluster')))).toBeUndefined()
    expect(await errorOf(down({ clusters }))).toBeUndefined()
    expect([resources(), ownKeys('platform')]).toEqual([[], []])
  })

  test('is deleted by the command that teardown prints', async () => {
    const [command = ''] = /(?<=kops: kops ).*--yes/.exec(refusal(await down({ clusters }))) ?? []
    expect(await universe.kops(command)).toMatchObject({ exitCode: 0 })
    expect(resources()).toEqual([])
  })

  test('is met by teardown with another store, which asks for the store', async () => {
    expect(refusal(await down())).toContain('give its stateStore in clusters')
  })

  test.each([
    ['zones', { zones: 'eu-west-1a' }],
    ['region', { zones: '', region: 'eu-west-1' }],
  ])('is used in its region, which is said where %s name another', async (_, wrong) => {
    const said = refusal(await create({ ...inShared, ...wrong }))
    expect(said).toContain(`${fullName}: it is in us-east-1, not in eu-west-1`)
    expect(await errorOf(create({ ...inShared, zones: '', ...setting(said, 'region') }))).toBeUndefined()
  })
})

describe('a cluster of ours', () => {
  test('whose state was lost goes as create-cluster says, and is made anew', async () => {
    expect(await errorOf(create())).toBeUndefined()
    for (const key of ownKeys(`${fullName}-state`)) universe.aws.s3.dropObject(`${fullName}-state`, key)
    const said = refusal(await create())
    expect(said).not.toContain('run this again')
    expect(await errorOf(run(follow(said, 'teardown')))).toBeUndefined()
    expect(resources()).toEqual([])
    expect(await errorOf(create())).toBeUndefined()
  })

  test('whose state was lost goes as the reaper says, which leaves what else its environment has', async () => {
    const marked = (alias: string) => {
      const cluster = `${alias}.pr-1.k8s.example.com`
      const whose = { domain: 'k8s.example.com', environment: 'pr-1', repository: shop, cluster }
      return { cluster, mark: makeMark(whose, { expiresAt: new Date(0) }) }
    }
    const [lost, kept] = [marked('usa'), marked('eur')]
    await universe.addCluster(lost.cluster, { store: 's3://lost', labels: writeTags(lost.mark) })
    for (const key of universe.aws.s3.keys('lost')) universe.aws.s3.dropObject('lost', key)
    const bucket = `${kept.cluster}-state`
    universe.aws.s3.addBucket(bucket, { region: 'eu-west-1', versioned: true, tags: writeTags(kept.mark) })
    universe.aws.s3.putObject(bucket, claimKey({ path: '' }, kept.cluster), writeClaim(kept.mark))
    await universe.addCluster(kept.cluster, { zone: 'eu-west-1a', labels: writeTags(kept.mark) })
    const reap = { mode: 'reap', clusters: '', 'name-servers': universe.nameServer }
    const said = refusal(await down(reap))
    expect(said).toMatch(/usa\.pr-1\S+ of pr-1\.k8s\.example\.com of acme\/shop, lives in us-east-1/)
    expect(await errorOf(run(follow(said, 'teardown')))).toBeUndefined()
    const names = () =>
      new Set(universe.world.inventory.list().flatMap(({ tags }) => tags.KubernetesCluster ?? []))
    expect(names()).toEqual(new Set([kept.cluster]))
    expect(await errorOf(down(reap))).toBeUndefined()
    expect(names()).toEqual(new Set())
  })

  test('in a store that teardown is not told of is not called lost without a word', async () => {
    expect(await errorOf(create(inShared))).toBeUndefined()
    const { job } = await down({ 'dry-run': 'true' })
    expect(job.summaries.join()).toMatch(/give that as stateStore, since it would stay/)
  })

  test('goes with all its state by what its maker prints', async () => {
    universe.aws.s3.addBucket('platform')
    const { job } = await create(inShared)
    expect(await errorOf(run(follow(job.advices.join('\n'), 'teardown')))).toBeUndefined()
    expect([resources(), ownKeys('platform')]).toEqual([[], []])
  })

  test('that is protected goes with force, or once the tag is off', async () => {
    expect(await errorOf(create())).toBeUndefined()
    const bucket = universe.world.inventory.get(`${fullName}-state`)
    if (bucket) bucket.tags['meridian:protect'] = 'true'
    expect(refusal(await down())).toMatch(/Take the tag off the state bucket.*use force: true/)
    expect(await errorOf(down({ force: 'true', 'dry-run': 'true' }))).toBeUndefined()
    if (bucket) delete bucket.tags['meridian:protect']
    expect(await errorOf(down())).toBeUndefined()
  })
})

describe('a store of another account', () => {
  const account = '444455556666'

  test('is used with state-store-account, and teardown is told of it', async () => {
    const stranger = universe.aws.addAccount(account)
    universe.aws.s3.addBucket('platform', { account: stranger.id })
    universe.aws.s3.openBucket('platform', universe.world.accountId)
    expect(refusal(await create(inShared))).toContain('name that account with state-store-account')
    const { error, job } = await create({ ...inShared, 'state-store-account': account })
    expect(error).toBeUndefined()
    expect(await errorOf(run(follow(job.advices.join('\n'), 'teardown')))).toBeUndefined()
    expect([resources(), ownKeys('platform')]).toEqual([[], []])
  })
})
