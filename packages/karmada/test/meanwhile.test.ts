import type { Kube, KubeObject } from '@meridian/kube'
import type { Store } from '@meridian/lab-kube-api'
import { regions } from '@meridian/lab-universe/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  exposeApi,
  joinMember,
  judgeMembers,
  judgePlane,
  listClusters,
  removeControlPlane,
  unjoinMember,
  upgradeControlPlane,
  waitJoined,
  writeRecord,
} from '../src/index.ts'
import { type Federation, findKarmadactl, install, start } from './lab-plane.ts'
import { marksOf, others, shop } from './use-identity.ts'

const theirMarks = marksOf(others['another repository'] ?? shop)
const clusters = 'clusters.cluster.karmada.io'
let given: Federation
let federation: Kube

beforeAll(async () => {
  given = await start(['usa', 'eur'])
  federation = await install(given)
})
afterEach(() => given.lab.universe.world.faults.requests.clear())
afterAll(() => given.lab.close())

const fed = () => {
  const [found] = given.lab.universe.clusters.federations()
  if (found === undefined) throw new Error('there is no federation')
  return found.store
}

/** Does something right before the first request of its kind is carried out, and notes it. */
function before(operation: string, onStrike: () => void) {
  return given.lab.universe.world.faults.requests.plan({ nth: 1, client: 'federate', operation, onStrike })
}

async function join(name: 'usa' | 'eur', zones: string[] = []) {
  const member = { name, region: regions[name], zones, provider: 'aws' }
  const outcome = await joinMember(given.job, federation, await given.connect(name), member, {
    identity: shop,
  })
  await waitJoined(given.job, federation, [name])
  return outcome
}

async function ownMember(name: string) {
  const member = (await judgeMembers(federation, shop)).find(each => each.name === name)
  if (member?.claim.kind !== 'ours') throw new Error(`${name} is no member of ours`)
  return member.claim.owned
}

const markTheirs = (draft: KubeObject) => void Object.assign(draft.metadata, theirMarks)
const giveAway = (name: string) => fed().modify('Cluster', undefined, name, markTheirs)
const clusterOf = (name: string) => fed().get('Cluster', undefined, name)

describe('a member that another brings in at the same moment', () => {
  test('keeps its credentials', async () => {
    const metadata = { name: 'eur', namespace: 'karmada-cluster' }
    const theirs = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: { token: 'dGhlaXJz' } }
    const { faults } = given.lab.universe.world
    const server = 'karmada on usa.k8s.example.com'
    const onStrike = () => void fed().create('Secret', theirs)
    const fault = faults.requests.plan({ nth: 1, server, operation: 'patch secrets', onStrike })
    await expect(join('eur')).rejects.toThrow('another has made Secret karmada-cluster/eur at this moment')
    expect(fault.struck()).toBe(1)
    expect(fed().get('Secret', 'karmada-cluster', 'eur')?.data).toEqual(theirs.data)
    expect(await listClusters(federation)).toEqual([])
    fed().remove('Secret', 'karmada-cluster', 'eur')
  })

  test('stays theirs', async () => {
    const theirs = {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'eur', ...theirMarks },
      spec: { syncMode: 'Push', apiEndpoint: 'https://theirs.example.com' },
    }
    before(`create ${clusters}`, () => void fed().create('Cluster', theirs))
    await expect(join('eur')).rejects.toThrow('already exists')
    expect(clusterOf('eur')).toMatchObject({ spec: theirs.spec, metadata: theirMarks })
    fed().remove('Cluster', undefined, 'eur')
  })
})

describe('a member that becomes another’s at this moment', () => {
  test.each<[string, string, () => Promise<unknown>]>([
    ['changed', `patch ${clusters}`, () => join('eur', ['eu-west-1a'])],
    [
      'taken out',
      `delete ${clusters}`,
      async () => unjoinMember(given.job, federation, await ownMember('eur')),
    ],
  ])('is not %s', async (_, operation, act) => {
    await join('eur')
    const fault = before(operation, () => giveAway('eur'))
    await expect(act()).rejects.toThrow('Cluster eur is not what it was when this run looked at it')
    expect(fault.struck()).toBe(1)
    const left = clusterOf('eur')
    expect(left).toMatchObject({ metadata: theirMarks })
    expect(left?.metadata.deletionTimestamp).toBeUndefined()
    expect(left?.spec).not.toHaveProperty('zones')
    fed().modify('Cluster', undefined, 'eur', draft => void Object.assign(draft.metadata, marksOf(shop)))
  })
})

describe('what is replaced by another at this moment stays', () => {
  const member = () => {
    const found = given.lab.universe.clusters.clusters().find(({ spec }) => spec.name.startsWith('eur.'))
    if (found === undefined) throw new Error('eur does not serve')
    return found.store
  }
  /** Puts another thing of the same name in the place of one, right before somebody writes to it. */
  function replaceBefore(
    operation: string,
    store: Store,
    kind: string,
    namespace: string | undefined,
    name: string,
  ) {
    const theirs: string[] = []
    const replace = () => {
      const found = store.get(kind, namespace, name)
      if (found === undefined) throw new Error(`there is no ${kind} ${name}`)
      store.modify(
        kind,
        namespace,
        name,
        ({ metadata }) => void Reflect.deleteProperty(metadata, 'finalizers'),
      )
      store.remove(kind, namespace, name)
      const { metadata: former, ...rest } = found
      Reflect.deleteProperty(rest, 'status')
      const { annotations = {} } = former
      const metadata = { name, ...(namespace && { namespace }), annotations }
      theirs.push(store.create(kind, { ...rest, metadata }).metadata.uid ?? '')
    }
    before(operation, replace)
    return { uids: theirs, live: () => store.get(kind, namespace, name)?.metadata.uid }
  }

  test('the Service of the load balancer', async () => {
    const place = ['Service', 'karmada-system', 'karmada-apiserver-lb'] as const
    const { uids, live } = replaceBefore('patch services', given.store, ...place)
    const exposed = exposeApi(given.job, given.host, ['203.0.113.0/24'])
    await expect(exposed).rejects.toThrow('karmada-apiserver-lb is not what it was')
    expect(uids).toEqual([live()])
  })

  test('a definition that is brought to another version, where it has got another’s mark', async () => {
    const [kind, name] = ['CustomResourceDefinition', 'works.work.karmada.io']
    const found = await federation.get({ apiVersion: 'apiextensions.k8s.io/v1', kind, name })
    if (found === undefined) throw new Error('there is no definition of works')
    const { apiVersion, spec } = found
    const wanted = { kind, apiVersion, metadata: { name, labels: { version: 'next' } }, spec }
    const operation = 'patch customresourcedefinitions.apiextensions.k8s.io'
    before(operation, () => void fed().modify(kind, undefined, name, markTheirs))
    const target = { version: '1.18.2', definitions: [wanted] }
    const upgraded = upgradeControlPlane(given.job, given.host, federation, target)
    await expect(upgraded).rejects.toThrow(`${name} is not what it was`)
    expect(fed().get(kind, undefined, name)?.metadata).toMatchObject(theirMarks)
    expect(fed().get(kind, undefined, name)?.metadata.labels).not.toHaveProperty('version')
  })

  test('the role of a member that leaves', async () => {
    await join('eur')
    const name = 'karmada-controller-manager:karmada-eur'
    const operation = 'patch clusterroles.rbac.authorization.k8s.io'
    const { uids, live } = replaceBefore(operation, member(), 'ClusterRole', undefined, name)
    const leave = async () =>
      unjoinMember(given.job, federation, await ownMember('eur'), { member: await given.connect('eur') })
    await expect(leave()).rejects.toThrow(`ClusterRole ${name} is not what it was`)
    expect(uids).toEqual([live()])
    await leave()
  })

  test('the token of an account, though the former one is not accepted any more', async () => {
    await join('eur')
    const place = ['Secret', 'karmada-cluster', 'karmada-eur'] as const
    member().modify(
      ...place,
      draft => void Object.assign(draft, { data: { ...(draft.data as object), token: 'bm9uZQ==' } }),
    )
    const { uids, live } = replaceBefore('delete secrets', member(), ...place)
    await expect(join('eur')).rejects.toThrow('Secret karmada-cluster/karmada-eur is not what it was')
    expect(uids).toEqual([live()])
  })
})

describe('the record of an installation', () => {
  const record = () => given.store.get('ConfigMap', 'karmada-system', 'meridian-installation')
  const write = () => writeRecord(given.host, { state: 'installed', version: '1.18.2' }, shop)

  test('is not written over one that another writes at this moment', async () => {
    const metadata = { name: 'meridian-installation', namespace: 'karmada-system', ...theirMarks }
    const theirs = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { state: 'installing', version: '1.18.2' },
    }
    before('patch configmaps', () => void given.store.create('ConfigMap', theirs))
    await expect(write()).rejects.toThrow(
      'another has made ConfigMap karmada-system/meridian-installation at this moment',
    )
    expect(record()).toMatchObject({ data: theirs.data, metadata: theirMarks })
    await expect(write()).rejects.toThrow('for pr-1.k8s.example.com of globex/shop')
    expect(record()).toMatchObject({ data: theirs.data, metadata: theirMarks })
    given.store.remove('ConfigMap', 'karmada-system', 'meridian-installation')
  })

  test('that becomes another’s at this moment keeps the control plane', async () => {
    await write()
    const { claim } = await judgePlane(given.host, shop)
    if (claim.kind !== 'ours') throw new Error(`the control plane is ${claim.kind}`)
    fed().modify('Cluster', undefined, 'eur', draft => void Object.assign(draft.metadata, marksOf(shop)))
    await unjoinMember(given.job, federation, await ownMember('eur'))
    before(
      'patch configmaps',
      () => void given.store.modify('ConfigMap', 'karmada-system', 'meridian-installation', markTheirs),
    )
    const options = { identity: shop, federation }
    const removal = removeControlPlane(given.job, claim.owned, () => findKarmadactl(given), options)
    await expect(removal).rejects.toThrow('meridian-installation is not what it was')
    expect(record()).toMatchObject({ data: { state: 'installed' }, metadata: theirMarks })
    expect(given.store.get('Deployment', 'karmada-system', 'karmada-apiserver')).toBeDefined()
    const again = removeControlPlane(given.job, claim.owned, () => findKarmadactl(given), options)
    await expect(again).rejects.toThrow('meridian-installation is not what it was')
    expect(given.store.get('Deployment', 'karmada-system', 'karmada-apiserver')).toBeDefined()
  })
})
