import { type Kube, type KubeObject, refOf } from '@meridian/kube'
import { regions, until, writesOf } from '@meridian/lab-universe/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  buildPropagationPolicy,
  certificateEnd,
  connectFederation,
  detectControlPlane,
  exposeApi,
  findFederation,
  joinMember,
  judgeMembers,
  judgePlane,
  listClusters,
  removeApp,
  removeControlPlane,
  unjoinMember,
  waitJoined,
  writeRecord,
} from '../src/index.ts'
import { type Federation, findKarmadactl, install, start } from './lab-plane.ts'
import { marksOf, others, shop } from './use-identity.ts'

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
      return joinMember(given.job, federation, await given.connect(name), member, { identity: shop })
    })
    const outcomes = (await Promise.all(joins)).map(({ outcome }) => outcome)
    await waitJoined(given.job, federation, names)
    return outcomes
  }

  async function ownMember(name: string) {
    const member = (await judgeMembers(federation, shop)).find(each => each.name === name)
    if (member?.claim.kind !== 'ours') throw new Error(`${name} is no member of ours`)
    return member.claim.owned
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
    const twice = joinMember(given.job, federation, await given.connect('eur'), place, { identity: shop })
    await expect(twice).rejects.toThrow('cluster europe is a member already, under the name eur')
  })

  test('keeps the credentials of a member no longer than its Cluster', async () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'karmada-cluster', name: 'eur' }
    const [owner] = (await federation.get(secret))?.metadata.ownerReferences ?? []
    expect(owner).toMatchObject({ kind: 'Cluster', name: 'eur', controller: true })
  })

  test('leaves no account in a member that leaves, which may come back', async () => {
    const member = await given.connect('eur')
    expect(await unjoinMember(given.job, federation, await ownMember('eur'), { member })).toEqual({
      name: 'eur',
      outcome: 'unjoined',
      left: [],
      own: [],
    })
    expect((await listClusters(federation)).map(({ metadata }) => metadata.name)).toEqual(['usa'])
    const name = 'karmada-controller-manager:karmada-eur'
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name }
    expect(await member.get(role)).toBeUndefined()
    expect(await join()).toEqual(['unchanged', 'joined'])
  })

  test('lets a member leave that another run has taken out meanwhile', async () => {
    const eur = await ownMember('eur')
    await unjoinMember(given.job, federation, eur)
    expect(await unjoinMember(given.job, federation, eur)).toMatchObject({ name: 'eur', outcome: 'absent' })
    expect(await join()).toEqual(['unchanged', 'joined'])
  })

  test('does not lose a member that has taken the name of the one that was to leave', async () => {
    const former = await ownMember('eur')
    await unjoinMember(given.job, federation, former, { member: await given.connect('eur') })
    await join()
    await expect(unjoinMember(given.job, federation, former)).rejects.toThrow('is not what it was')
    expect((await listClusters(federation)).map(({ metadata }) => metadata.name)).toEqual(['eur', 'usa'])
  })

  test.each(Object.entries(others))('keeps its members from %s', async (_, identity) => {
    const judged = await judgeMembers(federation, identity)
    expect(judged.map(({ claim }) => claim.kind)).toEqual(['foreign', 'foreign'])
    const before = writes()
    const member = { name: 'eur', region: regions.eur, zones: [], provider: 'aws' }
    const taken = joinMember(given.job, federation, await given.connect('eur'), member, { identity })
    await expect(taken).rejects.toThrow(
      'eur is a member of this federation already, and belongs to pr-1.k8s.example.com of acme/shop',
    )
    expect(writes()).toEqual(before)
  })

  test('lets an app go from every member, load balancers included, and spares what is not of it', async () => {
    const apps = [
      ['web', shop] as const,
      ...Object.values(others).map((owner, at) => [`other-${at}`, owner] as const),
    ]
    for (const [name, owner] of apps) {
      // All bear the labels by which they are listed: what tells them apart is what each says itself.
      const metadata = { name, namespace: 'default', ...marksOf(owner), labels: marksOf(shop).labels }
      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { type: 'LoadBalancer', selector: { app: name }, ports: [{ port: 80 }] },
      }
      const policy = buildPropagationPolicy(refOf(service), { mode: 'even', clusters: names })
      const { labels, annotations } = metadata
      await federation.apply({ ...policy, metadata: { ...policy.metadata, labels, annotations } })
      await federation.apply(service)
    }
    const balancers = () =>
      given.lab.universe.clusters.clusters().flatMap(({ store }) => {
        const services = store.list('Service', { namespace: 'default' })
        return services.map(({ metadata }) => metadata.name).filter(name => name !== 'kubernetes')
      })
    await until(() => balancers().length === 8)
    const members = await Promise.all(names.map(given.connect))
    const removal = await removeApp(given.job, federation, shop, members)
    expect(removal).toMatchObject({
      removed: ['Service default/web', 'PropagationPolicy default/web-service'],
      left: [],
    })
    expect(removal.spared).toHaveLength(6)
    expect(removal.spared).toContainEqual({
      what: 'Service default/other-2',
      whose: 'pr-1.k8s.example.com of globex/shop',
    })
    expect(balancers().sort()).toEqual(['other-0', 'other-0', 'other-1', 'other-1', 'other-2', 'other-2'])
    const again = await removeApp(given.job, federation, shop, members)
    expect([again.removed, again.left]).toEqual([[], []])
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
    expect(await judgePlane(host, shop)).toEqual({ found: { state: 'absent' }, claim: { kind: 'unclaimed' } })
    expect(writesOf(lab.universe, 'federate')).toEqual([])
  })

  async function ownPlane() {
    const { claim } = await judgePlane(given.host, shop)
    if (claim.kind !== 'ours') throw new Error(`the control plane is ${claim.kind}`)
    return claim.owned
  }

  test('keeps a control plane without record: others have installed it', async () => {
    await install(given)
    expect(await judgePlane(given.host, shop)).toMatchObject({
      found: { state: 'whole' },
      claim: { kind: 'unclaimed' },
    })
  })

  test('keeps its control plane while others have something in it, and loses it with load balancer and volume', async () => {
    const { job, host, lab } = given
    await writeRecord(host, { state: 'installed', version: '1.18.2' }, shop)
    const federation = await connectFederation(job, host, 'fed')
    const remove = async (options: object = {}) =>
      removeControlPlane(job, await ownPlane(), () => findKarmadactl(given), {
        identity: shop,
        federation,
        ...options,
      })
    const theirs = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name: 'theirs' } }
    const policy = buildPropagationPolicy(refOf(theirs), { mode: 'even', clusters: ['usa'] })
    const foreign = marksOf(others['another repository'] ?? shop)
    await federation.apply({ ...policy, metadata: { ...policy.metadata, ...foreign } })
    const before = lab.universe.world.inventory.list().map(({ id }) => id)
    const words = /ConfigMap default\/theirs \(it belongs to pr-1.k8s.example.com of globex\/shop\)/
    await expect(remove()).rejects.toThrow(words)
    await expect(remove({ unasked: true })).rejects.toThrow(words)
    await expect(remove({ federation: undefined })).rejects.toThrow('cannot be asked whether others use it')
    expect(lab.universe.world.inventory.list().map(({ id }) => id)).toEqual(before)

    await federation.remove(refOf(policy))
    expect(await remove()).toBe(true)
    expect(await detectControlPlane(host)).toEqual({ state: 'absent' })
    await until(() => lab.universe.world.inventory.list().length === 0)
  })
})
