import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeMark, writeClaim, writeTags } from '@meridian/identity'
import { labDomain as domain, startUniverse, type Universe } from '@meridian/lab-universe'
import { until } from '@meridian/lab-universe/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ActionName } from '../load-action.ts'
import { type Repository, shop } from '../ownership/owners.ts'
import { type Run, runHere } from '../ownership/run-here.ts'
import { follow, refusal, setting } from './follow.ts'

/** What the actions say of a federation, its records and its app is followed to the letter. */

const other: Repository = { id: '2002', name: 'acme/other' }
const regions = { usa: 'us-east-1', eur: 'eu-west-1', jpn: 'ap-northeast-1' } as const
type Name = keyof typeof regions
const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: b}\n'
// Ends what hangs.
let universe: Universe

/** usa and eur are the run's own, jpn is another repository's. The tests go one after the other. */
beforeAll(async () => {
  universe = await startUniverse({ scale: 5_000 })
  await addCluster('usa', shop)
  await addCluster('eur', shop)
  await addCluster('jpn', other)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await universe.close()
})

async function addCluster(name: Name, repository: Repository): Promise<void> {
  const cluster = `${name}.${domain}`
  const tags = writeTags(makeMark({ domain, repository, account: universe.world.accountId, cluster }))
  const { s3 } = universe.aws
  s3.addBucket(`${cluster}-state`, { region: regions[name], versioned: true, tags })
  await universe.addCluster(cluster, { zone: `${regions[name]}a`, labels: tags, nodes: 1 })
  const mark = makeMark({ domain, repository, cluster })
  s3.putObject(`${cluster}-state`, `${cluster}.claim.json`, writeClaim(mark))
  await until(
    () => universe.clusters.view(cluster)?.nodes.filter(({ status }) => status === 'True').length === 2,
  )
}

async function run(given: Run) {
  const path = join(universe.directory, 'all.kubeconfig')
  await writeFile(path, await universe.kubeconfig(), { mode: 0o600 })
  return runHere(universe, { files: { 'app.yaml': manifest }, ...given, env: { KUBECONFIG: path } })
}
const act = (action: ActionName, inputs: Record<string, string>, repository: Repository = shop) =>
  run({ action, inputs: { domain, ...inputs }, repository })
const listOf = (...names: Name[]) => JSON.stringify(names.map(name => ({ name, region: regions[name] })))
const errorOf = async (ran: ReturnType<typeof run>) => (await ran).error
const federation = () => universe.clusters.federations()[0]?.store
const members = () =>
  federation()
    ?.list('Cluster')
    .map(({ metadata }) => metadata.name)
const leadsTo = (...names: Name[]) => ({
  record: 'app',
  endpoints: names.map(name => `${regions[name]}: ${name}.example.net`).join('\n'),
  wait: 'false',
  verify: 'false',
})

describe('of a cluster of another repository federate', () => {
  test('advises to leave it out, and no teardown of what it has refused', async () => {
    const refused = await act('federate', { clusters: listOf('usa', 'eur', 'jpn') })
    expect(refusal(refused)).toMatch(/^jpn\.k8s\.example\.com belongs to .*\nLeave it out of clusters/)
    expect(refused.job.advices).toEqual([])
    expect(await errorOf(act('federate', { clusters: listOf('usa', 'eur') }))).toBeUndefined()
    expect(members()).toEqual(['eur', 'usa'])
  })
})

describe('of an object of another', () => {
  const app = { manifests: 'app.yaml', clusters: listOf('usa', 'eur') }

  test('deploy takes another namespace, or the inputs of its owner', async () => {
    expect(await errorOf(act('deploy-federated-app', app))).toBeUndefined()
    const said = refusal(await act('deploy-federated-app', app, other))
    expect(said).toMatch(/another name or namespace, or correct the inputs domain, environment, app and repo/)
    expect(await errorOf(act('deploy-federated-app', { ...app, namespace: 'theirs' }, other))).toBeUndefined()
    expect(
      await errorOf(act('deploy-federated-app', { ...app, repository: shop.name }, other)),
    ).toBeUndefined()
  })

  test('deploy says how to remove what it has made for another repository', async () => {
    const { job } = await act('deploy-federated-app', {
      ...app,
      namespace: 'theirs',
      repository: other.name,
    })
    const advice = follow(job.advices.join('\n'), 'teardown')
    expect(advice.inputs).toMatchObject({ repository: other.name, scope: 'app' })
    expect(await errorOf(run(advice))).toBeUndefined()
    expect(federation()?.get('ConfigMap', 'theirs', 'web')).toBeUndefined()
    expect(federation()?.get('ConfigMap', 'default', 'web')).toBeDefined()
  })
})

describe('of records', () => {
  test('of another latency-dns takes the inputs that it names', async () => {
    expect(await errorOf(act('latency-dns', leadsTo('usa', 'eur')))).toBeUndefined()
    const said = refusal(await act('latency-dns', leadsTo('usa', 'eur'), other))
    const [, repository = ''] = /give repository: (\S+)\./.exec(said) ?? []
    expect(await errorOf(act('latency-dns', { ...leadsTo('usa', 'eur'), repository }, other))).toBeUndefined()
  })

  test('that lead to a member it is pruned only once latency-dns has run without', async () => {
    const prune = { clusters: listOf('usa'), prune: 'true' }
    expect(refusal(await act('federate', prune))).toMatch(/app\.\S+ leads to eur\nRun latency-dns first/)
    expect(await errorOf(act('latency-dns', leadsTo('usa')))).toBeUndefined()
    const pruned = await act('federate', prune)
    expect([pruned.error, members()]).toEqual([undefined, ['usa']])
    expect(await errorOf(act('federate', { clusters: listOf('usa', 'eur') }))).toBeUndefined()
  })
})

describe('of a federation whose members stay', () => {
  test('the host is given as teardown says', async () => {
    const said = refusal(await act('teardown', { clusters: listOf('usa'), 'dry-run': 'false' }))
    expect(said).toContain('usa is the host of a federation with members that are not named: eur')
    const [, host = ''] = /give it as host: (\{.*?\})/.exec(said) ?? []
    const part = await act('teardown', { clusters: listOf('eur'), host })
    expect([part.error, members(), universe.clusters.view(`eur.${domain}`)]).toEqual([
      undefined,
      ['usa'],
      undefined,
    ])
  })

  test('federate says how to remove it and keep the clusters', async () => {
    const { job } = await act('federate', { clusters: listOf('usa') })
    expect(await errorOf(run(follow(job.advices.join('\n'), 'teardown')))).toBeUndefined()
    expect(universe.clusters.federations()).toEqual([])
    expect(universe.clusters.view(`usa.${domain}`)).toBeDefined()
  })

  test('a run in the place of another repository is sent to its own', async () => {
    const said = refusal(await act('federate', { clusters: listOf('usa') }, other))
    const inputs = { clusters: listOf('usa'), 'dry-run': 'true', ...setting(said, 'repository') }
    expect(await errorOf(act('federate', inputs, other))).toBeUndefined()
  })
})

test('of a control plane that has lost a part federate advises a teardown that makes room for a new one', async () => {
  const clusters = listOf('usa')
  expect(await errorOf(act('federate', { clusters }))).toBeUndefined()
  const host = universe.clusters.clusters().find(({ spec }) => spec.name === `usa.${domain}`)?.store
  host?.remove('Deployment', 'karmada-system', 'karmada-scheduler')
  const said = refusal(await act('federate', { clusters }))
  expect(said).toContain('run teardown with scope: federation and force: true')
  expect(await errorOf(act('teardown', { clusters, scope: 'federation', force: 'true' }))).toBeUndefined()
  expect(await errorOf(act('federate', { clusters }))).toBeUndefined()
  expect(members()).toEqual(['usa'])
})

test('of a federation that has lost its API teardown takes the word that nobody else is in it', async () => {
  const clusters = listOf('usa')
  const host = universe.clusters.clusters().find(({ spec }) => spec.name === `usa.${domain}`)?.store
  host?.remove('Secret', 'karmada-system', 'karmada-cert')
  const said = refusal(await act('teardown', { clusters, scope: 'federation' }))
  expect(said).toMatch(/usa does not answer, .*who has members and apps in it: .*\n.*use force: true/)
  expect(await errorOf(act('teardown', { clusters, scope: 'federation', force: 'true' }))).toBeUndefined()
  expect(await errorOf(act('federate', { clusters }))).toBeUndefined()
  expect(members()).toEqual(['usa'])
})
