import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectFederation, listClusters } from '@meridian/karmada'
import { connectKube } from '@meridian/kube'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { regions, stubAws, until } from '@meridian/lab-universe/testing'
import { testJob } from '@meridian/runner/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { attempt } from '../../federate/test/in-process.ts'
import { tearDown } from './in-process.ts'
import { identityOf, inventory, labelsOf, makeBucket, makeNamedCluster } from './lab-environment.ts'
import { openZone, type TestZone } from './reap/lab-records.ts'

const names = ['usa', 'eur', 'jpn'] as const
const record = 'shop.k8s.example.com'
let universe: Universe
let zone: TestZone
let env: Record<string, string>

/** Three clusters of kops' in one federation, whose record leads to all of them. */
beforeEach(async () => {
  universe = await startUniverse({ scale: 5_000 })
  stubAws(universe)
  await Promise.all(names.map(make))
  const path = join(universe.directory, 'all.kubeconfig')
  await writeFile(path, await universe.kubeconfig(), { mode: 0o600 })
  env = { ...universe.env, KUBECONFIG: path }
  expect((await attempt({ universe, env, close: universe.close }, names)).error).toBeUndefined()
  zone = openZone(universe)
  await zone.write(record, identityOf('default'), Object.values(regions), { ttl: 1 })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  zone.close()
  await universe.close()
})

async function make(name: (typeof names)[number]): Promise<void> {
  const cluster = `${name}.k8s.example.com`
  await makeBucket(universe, 'default', { cluster })
  await makeNamedCluster(
    universe,
    cluster,
    `--zones=${regions[name]}a`,
    '--node-count=1',
    '--control-plane-count=1',
    labelsOf('default', cluster),
    '--yes',
  )
  await until(
    () => universe.clusters.view(cluster)?.nodes.filter(({ status }) => status === 'True').length === 2,
  )
}

const listOf = (some: readonly (typeof names)[number][]) =>
  `[${some.map(name => `{name: ${name}, region: ${regions[name]}}`).join(', ')}]`
const run = (some: readonly (typeof names)[number][], inputs: Record<string, string> = {}) =>
  tearDown(universe, 'teardown', { clusters: listOf(some), ...inputs })
const livingClusters = () =>
  names.filter(name => universe.clusters.view(`${name}.k8s.example.com`) !== undefined)

async function members(): Promise<string[]> {
  const job = testJob({ env })
  const host = connectKube(await universe.kubeconfig(), { ...job, context: 'usa' })
  return (await listClusters(await connectFederation(job, host, 'fed'))).map(({ metadata }) => metadata.name)
}

test('a cluster that is named goes alone, and then the rest', async () => {
  const refused = await run(['jpn'])
  expect(refused.error?.message).toContain('jpn is a member of a federation whose host is not named')
  const part = await run(['jpn'], { host: '{name: usa, region: us-east-1}' })
  expect([part.error, part.job.outputs.clean]).toEqual([undefined, true])
  expect(await zone.regionsOf(record)).toEqual(['eu-west-1', 'us-east-1'])
  expect([livingClusters(), await members()]).toEqual([
    ['usa', 'eur'],
    ['eur', 'usa'],
  ])

  const host = await run(['usa'])
  expect(host.error?.message).toContain(
    'usa is the host of a federation with members that are not named: eur',
  )
  expect([livingClusters(), await zone.regionsOf(record)]).toEqual([
    ['usa', 'eur'],
    ['eu-west-1', 'us-east-1'],
  ])

  const rest = await run(['usa', 'eur'])
  expect([rest.error, await zone.everythingAt(record), livingClusters()]).toEqual([undefined, [], []])
  expect(inventory(universe)).toEqual([])
})

test('a host that is silent stays with its federation, but for force', async () => {
  universe.clusters.takeAway('usa.k8s.example.com', 'refused')
  const before = inventory(universe)
  const refused = await run(names)
  expect(refused.error?.message).toContain('usa does not answer, and is the host of a federation')
  expect([inventory(universe), await zone.regionsOf(record)]).toEqual([
    before,
    ['ap-northeast-1', 'eu-west-1', 'us-east-1'],
  ])
  const { error } = await run(names, { force: 'true' })
  expect([error, livingClusters(), inventory(universe)]).toEqual([undefined, [], []])
})

test('of a federation whose host was deleted by other means the members go all the same', async () => {
  await universe.kops('delete cluster usa.k8s.example.com --state=s3://usa.k8s.example.com-state --yes')
  const { error } = await run(names)
  expect([error, livingClusters(), inventory(universe)]).toEqual([undefined, [], []])
})
