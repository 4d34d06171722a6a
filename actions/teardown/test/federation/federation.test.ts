import { readFile } from 'node:fs/promises'
import { connectAws } from '@meridian/aws'
import { type Identity, makeMark, objectAnnotations, objectLabels } from '@meridian/identity'
import { buildPropagationPolicy, connectFederation, listClusters } from '@meridian/karmada'
import { connectKube, type Kube, refOf } from '@meridian/kube'
import {
  type LabClusters,
  type Name,
  regions,
  startClusters,
  until,
  writesOf,
} from '@meridian/lab-universe/testing'
import { testJob } from '@meridian/runner/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { attempt } from '../../../federate/test/in-process.ts'
import { holdFederation } from '../../src/federation/hold-federation.ts'
import { readInputs } from '../../src/inputs.ts'
import { openLedger } from '../../src/ledger.ts'
import type { FoundFederation } from '../../src/survey/federation.ts'
import { defaultsOf, type Ended, tearDown } from '../in-process.ts'
import { identityOf } from '../lab-environment.ts'

const names = ['usa', 'eur', 'jpn'] as const
const systemNamespaces = /^(kube-|default$)/
const theirs = { id: '7', name: 'acme/b' }
let lab: LabClusters

const describeCluster = (name: Name) => `{name: ${name}, region: ${regions[name]}, provider: existing}`
const listOf = (some: readonly Name[]) => `[${some.map(describeCluster).join(', ')}]`

/** A teardown of what is inside some of the clusters, which somebody else made. */
function run(
  some: readonly Name[],
  inputs: Record<string, string> = {},
  repository?: { id: string; name: string },
): Promise<Ended> {
  return tearDown(
    lab.universe,
    'teardown',
    { clusters: listOf(some), scope: 'federation', ...inputs },
    { env: { KUBECONFIG: lab.env.KUBECONFIG ?? '' }, ...(repository && { repository }) },
  )
}

const storeOf = (name: Name) =>
  lab.universe.clusters.clusters().find(({ spec }) => spec.name.startsWith(`${name}.`))?.store

async function connect(context: Name): Promise<Kube> {
  return connectKube(await readFile(lab.env.KUBECONFIG ?? '', 'utf8'), { ...testJob(), context })
}
const connectApi = async () => connectFederation(testJob({ env: lab.env }), await connect('usa'), 'fed')
const membersOf = async () => (await listClusters(await connectApi())).map(({ metadata }) => metadata.name)

/** An app with one object, as deploy-federated-app marks it, in a namespace of its own. */
async function deploy(identity: Identity, name: string): Promise<void> {
  const federation = await connectApi()
  const metadata = {
    labels: objectLabels({ ...identity, app: name }),
    annotations: objectAnnotations(makeMark({ ...identity, app: name })),
  }
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, namespace: name, name } }
  const placement = { mode: 'duplicate', clusters: names } as const
  const policy = buildPropagationPolicy(refOf(map), placement, { labels: metadata.labels })
  const marked = { ...policy, metadata: { ...policy.metadata, annotations: metadata.annotations } }
  for (const object of [namespace, map, marked]) await federation.apply(object)
  await until(() => names.some(one => storeOf(one)?.get('ConfigMap', name, name) !== undefined))
}

/** Takes the lease for what a survey has found, although the world has changed since; returns why it is refused. */
async function hold(some: readonly Name[], found: Partial<FoundFederation>): Promise<Error | undefined> {
  const job = testJob({ env: lab.env, action: 'teardown', userAgent: 'meridian-teardown/0.0.0' })
  const inputs = readInputs(
    defaultsOf({ domain: 'k8s.example.com', clusters: listOf(some), scope: 'federation' }),
  )
  const aws = await connectAws(job, inputs)
  const account = await aws.account()
  const identity = identityOf('default', { account })
  const work = { inputs, job, aws, identity, account, ledger: openLedger(job), leases: new Map() }
  const reached = new Map(await Promise.all(some.map(async name => [name, await connect(name)] as const)))
  const [host] = inputs.clusters
  const stale = { ...found, host, kube: await connect('usa') } as FoundFederation
  return holdFederation(work, stale, [], reached).then(
    () => undefined,
    (error: Error) => error,
  )
}

async function start(): Promise<void> {
  lab = await startClusters(names)
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    vi.stubEnv(name, lab.env[name])
  expect((await attempt(lab, names)).error).toBeUndefined()
}

async function stop(): Promise<void> {
  vi.unstubAllEnvs()
  await lab.close()
}

describe('a federation with a dead member', () => {
  let ended: Ended

  beforeAll(async () => {
    await start()
    await deploy(identityOf('default'), 'shop')
    lab.universe.clusters.takeAway(`jpn.${lab.universe.domain}`, 'refused')
    ended = await run(names, { scope: 'app,federation' })
  })
  afterAll(stop)

  test('leaves nothing of itself in the members that live', () => {
    for (const name of ['usa', 'eur'] as const) {
      const namespaces = storeOf(name)?.list('Namespace', {}) ?? []
      const kept = namespaces.filter(
        ({ metadata }) => !systemNamespaces.test(metadata.name) && !metadata.deletionTimestamp,
      )
      expect(kept.map(({ metadata }) => metadata.name)).toEqual([])
      const roles = storeOf(name)?.list('ClusterRole', {}) ?? []
      expect(roles.filter(({ metadata }) => metadata.name.includes('karmada'))).toEqual([])
    }
    expect(lab.universe.clusters.federations()).toEqual([])
  })

  test('says what is left in the one that is dead', () => {
    expect(ended.error?.message).toMatch(
      /jpn is dead .*still in it: .*ConfigMap shop\/shop.*namespace karmada-cluster/,
    )
  })
})

describe('in a federation with the app of another repository', () => {
  beforeAll(async () => {
    await start()
    await deploy(identityOf('default', { repository: theirs }), 'theirs')
  })
  afterAll(stop)

  const isThere = (app: string) => names.some(name => storeOf(name)?.get('ConfigMap', app, app) !== undefined)

  test('the app of one owner goes alone', async () => {
    await deploy(identityOf('default'), 'ours')
    const { error, job } = await run(names, { scope: 'app' })
    expect([error, isThere('ours'), isThere('theirs')]).toEqual([undefined, false, true])
    expect(JSON.stringify(job.outputs.deleted)).toContain('ConfigMap ours/ours')
  })

  test('of several apps of one owner the one that is named goes', async () => {
    for (const app of ['ours', 'second']) await deploy(identityOf('default'), app)
    const { error, job } = await run(names, { scope: 'app', app: 'ours' })
    expect([error, isThere('ours'), isThere('second')]).toEqual([undefined, false, true])
    expect(JSON.stringify(job.outputs.deleted)).not.toContain('second')
    expect((await run(names, { scope: 'app' })).error).toBeUndefined()
  })

  test('a dry run lists every single thing of the app, what it is in each cluster, and what keeps a part of it', async () => {
    const mark = (app?: string) => {
      const owner = { ...identityOf('default'), app }
      return { labels: objectLabels(owner), annotations: objectAnnotations(makeMark(owner)) }
    }
    const place = { name: 'web', namespace: 'place' }
    const own = { apiVersion: 'v1', kind: 'Service', metadata: { ...place, ...mark('web') } }
    const service = { ...own, spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } }
    const policy = buildPropagationPolicy(refOf(own), { mode: 'duplicate', clusters: names })
    const federation = await connectApi()
    await federation.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'place', ...mark() } })
    await federation.apply({ ...policy, metadata: { ...policy.metadata, ...mark('web') } })
    await federation.apply(service)
    const hostnameIn = (name: Name) =>
      JSON.stringify(storeOf(name)?.get('Service', 'place', 'web')?.status ?? '')
    await until(() => names.every(name => hostnameIn(name).includes('elb.amazonaws.com')))
    const metadata = { name: 'by-hand', namespace: 'place' }
    storeOf('eur')?.create('ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap', metadata })
    const before = writesOf(lab.universe, 'teardown').length
    const { error, job } = await run(names, { scope: 'app', app: 'web', 'dry-run': 'true' })
    expect([error, writesOf(lab.universe, 'teardown').length]).toEqual([undefined, before])
    const [summary = ''] = job.summaries
    expect(summary.match(/^\| app \| .*$/gm)).toEqual([
      '| app | <code>Service place/web</code> |  |',
      '| app | <code>PropagationPolicy place/web-service</code> |  |',
    ])
    for (const name of names)
      expect(summary).toMatch(
        new RegExp(
          `\\| <code>${name}</code> \\| <code>Service place/web</code> \\| load balancer \\S+${regions[name]}.elb.amazonaws.com`,
        ),
      )
    expect(summary).toMatch(/Of the app stay: Namespace place .*ConfigMap place\/by-hand in eur/)
    expect((await run(names, { scope: 'app', app: 'web' })).error).toBeUndefined()
  })

  test('a teardown of the whole is refused with the owner’s name, also with force', async () => {
    for (const force of ['false', 'true']) {
      const { error } = await run(names, { scope: 'app,federation', force })
      expect(error?.message).toMatch(/also holds .*theirs.*acme\/b/)
    }
    expect([isThere('theirs'), (await membersOf()).includes('usa')]).toEqual([true, true])
  })

  test('another repository takes out no member and no control plane', async () => {
    const { error } = await run(names, { scope: 'federation', force: 'true' }, theirs)
    expect(error?.message).toMatch(/usa, which k8s.example.com of o\/r .*has joined/)
    expect((await membersOf()).includes('usa')).toBe(true)
  })

  test('what others have brought in meanwhile is judged again under the lease, before anything is touched', async () => {
    const own = { plan: { members: [{}], app: false, plane: undefined, hostGoes: false } }
    const before = writesOf(lab.universe, 'teardown')
    const refused = await hold(names, own as unknown as Partial<FoundFederation>)
    expect(refused?.message).toMatch(/also holds .*acme\/b/)
    const written = writesOf(lab.universe, 'teardown').slice(before.length)
    expect(written.filter(one => !one.includes('leases'))).toEqual([])
  })

  test('a member whose host is not named is refused', async () => {
    const { error } = await run(['eur'])
    expect(error?.message).toContain('eur is a member of a federation whose host is not named')
    expect(await membersOf()).toContain('eur')
  })

  test('a member that is named leaves alone, with a host that stays', async () => {
    const { error, job } = await run(['jpn'], { host: describeCluster('usa') })
    expect([error, job.outputs.deleted]).toEqual([undefined, [{ type: 'member', id: 'jpn' }]])
    expect(await membersOf()).toEqual(['eur', 'usa'])
    expect(job.lines).toContain('The federation fed goes on with eur, usa.')
  })

  test('the app of another that leaves with a member is named, and with whose it is', async () => {
    const { job } = await run(['eur'], { host: describeCluster('usa'), 'dry-run': 'true' })
    expect(job.lines.join('\n')).toMatch(
      /what runs there of others: ConfigMap theirs\/theirs in eur \(it belongs to k8s.example.com of acme\/b/,
    )
  })

  test('a dry run names each member, and changes nothing', async () => {
    const { job } = await run(['eur'], { host: describeCluster('usa'), 'dry-run': 'true' })
    expect(job.summaries.join()).toContain('| member | <code>eur</code> |')
    expect(await membersOf()).toContain('eur')
  })

  test('once it is silent, what its members show of others refuses it, also with force', async () => {
    storeOf('usa')?.remove('Secret', 'karmada-system', 'karmada-cert')
    for (const force of ['false', 'true']) {
      const { error } = await run(['usa', 'eur'], { force })
      expect(error?.message).toMatch(/also holds ConfigMap theirs\/theirs in (usa|eur).*acme\/b/)
    }
    expect(storeOf('usa')?.get('ConfigMap', 'karmada-system', 'meridian-installation')).toBeDefined()
  })
})
