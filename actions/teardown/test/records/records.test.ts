import { startUniverse, type Universe } from '@meridian/lab-universe'
import { stubAws } from '@meridian/lab-universe/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { tearDown } from '../in-process.ts'
import { identityOf } from '../lab-environment.ts'
import { openZone, type TestZone } from '../reap/lab-records.ts'

/** One world, in which each test has names of its own. */
let universe: Universe
let zone: TestZone

beforeAll(async () => {
  universe = await startUniverse({ scale: 2_000 })
  zone = openZone(universe)
  stubAws(universe)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  zone.close()
  await universe.close()
})

const dns = (inputs: Record<string, string>) => tearDown(universe, 'teardown', { scope: 'dns', ...inputs })
const clusters = '[{name: usa, region: us-east-1}]'

test("an environment's records go, and those of others stay", async () => {
  await zone.write('app.pr-1.k8s.example.com', identityOf('pr-1'))
  await zone.write('web.pr-1.k8s.example.com', identityOf('pr-1'))
  await zone.write('app.k8s.example.com', identityOf('default'))
  const { job } = await dns({ environment: 'pr-1' })
  expect(job.outputs.deleted).toEqual([
    { type: 'records', id: 'app.pr-1.k8s.example.com' },
    { type: 'records', id: 'web.pr-1.k8s.example.com' },
  ])
  expect(await zone.regionsOf('app.k8s.example.com')).toEqual(['us-east-1'])
})

test('the only environment of a domain leaves the records of domains inside it alone', async () => {
  await zone.write('live.a.k8s.example.com', identityOf('default', { domain: 'a.k8s.example.com' }))
  await zone.write('own.k8s.example.com', identityOf('default'))
  await dns({})
  expect(await zone.regionsOf('live.a.k8s.example.com')).toEqual(['us-east-1'])
  expect(await zone.regionsOf('own.k8s.example.com')).toEqual([])
})

test('the records of another repository in the same environment stay', async () => {
  const repository = { id: '7', name: 'acme/b' }
  await zone.write('b.pr-2.k8s.example.com', identityOf('pr-2', { repository }))
  const { error } = await dns({ environment: 'pr-2' })
  expect([error, await zone.regionsOf('b.pr-2.k8s.example.com')]).toEqual([undefined, ['us-east-1']])
})

test('a named record of another owner is refused before anything is written, also with force', async () => {
  await zone.write('theirs.k8s.example.com', identityOf('team-b'))
  const { error } = await dns({ records: 'theirs', force: 'true' })
  expect(error?.message).toContain('belongs to team-b.k8s.example.com of o/r')
  expect(await zone.regionsOf('theirs.k8s.example.com')).toEqual(['us-east-1'])
})

test('a region that is added after the look, and is not named, goes on being served', async () => {
  const fqdn = 'late.pr-late.k8s.example.com'
  await zone.write(fqdn, identityOf('pr-late'))
  const add = () =>
    universe.zone.records.put({
      name: `${fqdn}.`,
      type: 'CNAME',
      ttl: 60,
      setIdentifier: 'eu-west-1',
      region: 'eu-west-1',
      values: ['eu-west-1.example.net'],
    })
  universe.world.faults.requests.plan({
    failure: 'reset-before',
    operation: 'ListResourceRecordSets',
    client: 'late',
    nth: 2,
    onStrike: add,
  })
  const { error, job } = await tearDown(universe, 'late', { scope: 'dns', environment: 'pr-late', clusters })
  expect([error, await zone.regionsOf(fqdn)]).toEqual([undefined, ['eu-west-1']])
  expect(job.outputs.deleted).toEqual([{ type: 'record', id: fqdn, region: 'us-east-1' }])
})

const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1']

test('the regions of the named clusters are drained, and the others go on serving', async () => {
  await zone.write('part.pr-3.k8s.example.com', identityOf('pr-3'), regions)
  const { job } = await dns({ environment: 'pr-3', clusters })
  expect(job.outputs.deleted).toEqual([
    { type: 'record', id: 'part.pr-3.k8s.example.com', region: 'us-east-1' },
  ])
  expect(await zone.regionsOf('part.pr-3.k8s.example.com')).toEqual(['ap-northeast-1', 'eu-west-1'])
  await dns({
    environment: 'pr-3',
    clusters: '[{name: eur, region: eu-west-1}, {name: jpn, region: ap-northeast-1}]',
  })
  expect(await zone.everythingAt('part.pr-3.k8s.example.com')).toEqual([])
})

test('before load balancers go, resolvers have forgotten a region that others still stand in for', async () => {
  await zone.write('ttl.pr-4.k8s.example.com', identityOf('pr-4'), regions, { ttl: 1 })
  const { job } = await tearDown(universe, 'teardown', {
    environment: 'pr-4',
    clusters,
    scope: 'dns,clusters',
  })
  expect(job.lines).toContain('Waiting 1s: so long may resolvers lead to the regions that go.')
})

test('a dry run says which regions would go, and which go on', async () => {
  await zone.write('look.pr-5.k8s.example.com', identityOf('pr-5'), regions)
  const { job } = await dns({ environment: 'pr-5', clusters, 'dry-run': 'true' })
  expect(job.summaries.join()).toContain('| record | <code>look.pr-5.k8s.example.com</code> | us-east-1 |')
  expect(job.lines.join()).toContain('goes on being served from')
  expect(await zone.regionsOf('look.pr-5.k8s.example.com')).toHaveLength(3)
})

test('a domain without zone has no records, which is said', async () => {
  const { error, job } = await dns({ domain: 'example.org' })
  expect([error, job.outputs.clean]).toEqual([undefined, true])
  expect(job.lines).toContain(
    'No public hosted zone of this account answers for example.org: no record of it can be there.',
  )
})

test('a zone that is given and not found is an error', async () => {
  const { error } = await dns({ domain: 'example.org', 'zone-id': 'Z0123456789ABC' })
  expect(error?.message).toContain("no hosted zone 'Z0123456789ABC'")
})

test('of two clusters in one region, only the record of the one that goes is drained', async () => {
  const { hostname, ready } = universe.aws.elb.create({
    region: 'us-east-1',
    name: 'shop',
    type: 'network',
    tags: { 'kubernetes.io/cluster/usa.pr-6.k8s.example.com': 'owned' },
    listeners: [],
  })
  await ready
  await zone.write('shop.pr-6.k8s.example.com', identityOf('pr-6'), ['us-east-1'], { target: hostname })
  const beside = await dns({ environment: 'pr-6', clusters: '[{name: usa2, region: us-east-1}]' })
  expect([beside.error, await zone.regionsOf('shop.pr-6.k8s.example.com')]).toEqual([
    undefined,
    ['us-east-1'],
  ])
  await dns({ environment: 'pr-6', clusters })
  expect(await zone.regionsOf('shop.pr-6.k8s.example.com')).toEqual([])
})
