import { readFile } from 'node:fs/promises'
import { connectKube, type Kube, type KubeObject, refOf } from '@meridian/kube'
import { testJob } from '@meridian/runner/testing'
import { findTool } from '@meridian/tools'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buildPropagationPolicy,
  certificateEnd,
  connectFederation,
  detectControlPlane,
  exposeApi,
  findFederation,
  installControlPlane,
  joinMember,
  listClusters,
  removeApp,
  removeControlPlane,
  unjoinMember,
  waitControlPlane,
  waitFederationAnswers,
  waitJoined,
} from '../src/index.ts'
import { type LabClusters, type Name, regions, startClusters, until, writesOf } from './lab-clusters.ts'

type Federation = {
  lab: LabClusters
  job: ReturnType<typeof testJob>
  host: Kube
  /** By the name of its context. */
  connect(context: Name): Promise<Kube>
  store: NonNullable<ReturnType<LabClusters['universe']['clusters']['clusters']>[number]>['store']
}

async function start(names: readonly Name[]): Promise<Federation> {
  const lab = await startClusters(names)
  const job = testJob({ env: lab.env, userAgent: 'meridian-federate/0.1.0' })
  const connect = async (context: Name) =>
    connectKube(await readFile(lab.env.KUBECONFIG ?? '', 'utf8'), { ...job, context })
  const store = lab.universe.clusters.clusters().find(({ spec }) => spec.name.startsWith('usa.'))?.store
  if (store === undefined) throw new Error('the host does not serve')
  return { lab, job, host: await connect('usa'), connect, store }
}

const findKarmadactl = ({ job }: Federation) => findTool({ name: 'karmadactl', version: '1.18.2' }, job)

async function install(given: Federation): Promise<Kube> {
  const { job, host } = given
  await installControlPlane(job, host, await findKarmadactl(given), { etcd: 'pvc', region: 'us-east-1' })
  expect(await waitControlPlane(job, host)).toBe('1.18.2')
  await exposeApi(job, host, [])
  const federation = await connectFederation(job, host, 'fed')
  await waitFederationAnswers(job, federation)
  return federation
}

describe('a federation of two clusters', () => {
  const names = ['usa', 'eur'] as const
  let given: Federation
  let federation: Kube

  beforeAll(async () => {
    given = await start(names)
    federation = await install(given)
    await join()
  })
  afterAll(() => given.lab.close())

  async function join(): Promise<string[]> {
    const joins = names.map(async name => {
      const member = { name, region: regions[name], zones: [], provider: 'aws' }
      return joinMember(given.job, federation, await given.connect(name), member)
    })
    const outcomes = (await Promise.all(joins)).map(({ outcome }) => outcome)
    await waitJoined(given.job, federation, names)
    return outcomes
  }

  const writes = () => writesOf(given.lab.universe, 'federate')

  test('has a whole control plane, which answers by its load balancer', async () => {
    expect(await detectControlPlane(given.host)).toMatchObject({
      state: 'whole',
      version: '1.18.2',
      unready: [],
    })
    const days = ((certificateEnd(federation)?.getTime() ?? 0) - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(365)
    expect(federation.server).toMatch(/^https:\/\/.*\.us-east-1\.elb\.amazonaws\.com:5443$/)
  })

  test('lets the ranges that may reach its API be changed, and be taken away', async () => {
    const expose = (...ranges: string[]) => exposeApi(given.job, given.host, ranges)
    expect(await expose('203.0.113.0/24')).toMatchObject({ changed: true })
    expect(await expose('203.0.113.0/24')).toMatchObject({ changed: false })
    expect(await expose()).toMatchObject({ changed: true })
    const service = given.store.get('Service', 'karmada-system', 'karmada-apiserver-lb')
    expect(service?.spec).not.toHaveProperty('loadBalancerSourceRanges')
  })

  test('has its members once: joining them again writes nothing', async () => {
    await join()
    const before = writes()
    expect(await join()).toEqual(['unchanged', 'unchanged'])
    expect(writes()).toEqual(before)
  })

  test('refuses a member under a second name', async () => {
    const place = { name: 'europe', region: 'eu-west-1', zones: [], provider: 'aws' }
    const twice = joinMember(given.job, federation, await given.connect('eur'), place)
    await expect(twice).rejects.toThrow('cluster europe is a member already, under the name eur')
  })

  test('keeps the credentials of a member no longer than its Cluster', async () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'karmada-cluster', name: 'eur' }
    const [owner] = (await federation.get(secret))?.metadata.ownerReferences ?? []
    expect(owner).toMatchObject({ kind: 'Cluster', name: 'eur', controller: true })
  })

  test('leaves no account in a member that leaves, which may come back', async () => {
    const member = await given.connect('eur')
    expect(await unjoinMember(given.job, federation, 'eur', { member })).toEqual({
      name: 'eur',
      outcome: 'unjoined',
      left: [],
    })
    expect((await listClusters(federation)).map(({ metadata }) => metadata.name)).toEqual(['usa'])
    const name = 'karmada-controller-manager:karmada-eur'
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name }
    expect(await member.get(role)).toBeUndefined()
    expect(await join()).toEqual(['unchanged', 'joined'])
  })

  test('lets a cluster leave that is no member', async () => {
    const absent = { name: 'jpn', outcome: 'absent', left: [] }
    expect(await unjoinMember(given.job, federation, 'jpn')).toEqual(absent)
  })

  test('lets an app go from every member, load balancers included, and spares what is not of it', async () => {
    const labels = { 'app.kubernetes.io/managed-by': 'meridian', 'meridian.dev/environment': 'pr-1' }
    for (const [name, marks] of [
      ['web', labels],
      ['other', { ...labels, 'meridian.dev/environment': 'pr-2' }],
    ] as const) {
      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace: 'default', labels: marks },
        spec: { type: 'LoadBalancer', selector: { app: name }, ports: [{ port: 80 }] },
      }
      const placement = { mode: 'even', clusters: names } as const
      await federation.apply(buildPropagationPolicy(refOf(service), placement, { labels: marks }))
      await federation.apply(service)
    }
    const balancers = () =>
      given.lab.universe.clusters.clusters().flatMap(({ store }) => {
        const services = store.list('Service', { namespace: 'default' })
        return services.map(({ metadata }) => metadata.name).filter(name => name !== 'kubernetes')
      })
    await until(() => balancers().length === 4)
    const members = await Promise.all(names.map(given.connect))
    expect(await removeApp(given.job, federation, labels, members)).toEqual({
      removed: ['Service default/web', 'PropagationPolicy default/web-service'],
      left: [],
    })
    expect(balancers()).toEqual(['other', 'other'])
    expect(await removeApp(given.job, federation, labels, members)).toEqual({ removed: [], left: [] })
  })

  test('is told from a half-made one when it has lost a part', async () => {
    const { store } = given
    const lost = store.get('Deployment', 'karmada-system', 'karmada-webhook')
    store.remove('Deployment', 'karmada-system', 'karmada-webhook', {})
    await until(() => store.get('Deployment', 'karmada-system', 'karmada-webhook') === undefined)
    const found = await detectControlPlane(given.host)
    const { name, namespace, labels } = lost?.metadata ?? { name: '' }
    if (lost) store.create('Deployment', { ...lost, metadata: { name, namespace, labels } } as KubeObject)
    expect(found).toEqual({ state: 'partial', missing: ['Deployment karmada-webhook'], origin: 'complete' })
  })
})

describe('a host', () => {
  let given: Federation
  beforeAll(async () => {
    given = await start(['usa'])
  })
  afterAll(() => given.lab.close())

  test('without control plane has none to find, to connect to or to remove', async () => {
    const { job, host, lab } = given
    expect(await detectControlPlane(host)).toEqual({ state: 'absent' })
    expect(await findFederation(job, host, 'fed')).toBeUndefined()
    await expect(connectFederation(job, host, 'fed')).rejects.toThrow('is not the host of a federation')
    const before = writesOf(lab.universe, 'federate')
    expect(await removeControlPlane(job, host, () => Promise.reject(new Error('not needed')))).toBe(false)
    expect(writesOf(lab.universe, 'federate')).toEqual(before)
  })

  test('loses its control plane with load balancer and volume', async () => {
    const { job, host, lab } = given
    await install(given)
    expect(lab.universe.world.inventory.list().map(({ type }) => type)).toContain('volume')
    expect(await removeControlPlane(job, host, () => findKarmadactl(given))).toBe(true)
    expect(await detectControlPlane(host)).toEqual({ state: 'absent' })
    await until(() => lab.universe.world.inventory.list().length === 0)
  })
})
