import { type Claim, type Identity, type Reading, unmarked } from '@meridian/identity'
import type { KubeObject } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import type { Observed } from '../src/control-plane/detect-control-plane.ts'
import { readRecord } from '../src/control-plane/installation-record.ts'
import { judgeInstallation } from '../src/control-plane/judge-plane.ts'
import { type InstalledPlane, judgeMember, judgeObject } from '../src/index.ts'
import { marksOf, olderMarksOf, others, shop } from './use-identity.ts'

type Metadata = Partial<KubeObject['metadata']>

const unreadable = { annotations: { 'meridian.dev/mark': '<html>' } }
const renamed: Identity = { ...shop, repository: { id: '1001', name: 'acme/store' } }
const foreign = Object.entries(others).map(([who, identity]) => [who, marksOf(identity), 'foreign'] as const)

const object = (kind: string, metadata: Metadata): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'web', ...metadata },
})
const observed = (metadata: Metadata | undefined, namespace: Metadata = {}): Observed => ({
  namespace: object('Namespace', namespace),
  secret: undefined,
  service: undefined,
  record: readRecord(metadata && { ...object('ConfigMap', metadata), data: { state: 'installed' } }),
  deployments: [],
  statefulSets: [],
})
const planeOf = (metadata: Metadata | undefined, hostIsOurs = false): Claim<InstalledPlane> =>
  judgeInstallation({} as InstalledPlane, observed(metadata), shop, hostIsOurs)

/** Control planes by who has installed them. */
const planes = {
  ours: planeOf(marksOf(shop)),
  'ours of version 0.1': planeOf({}, true),
  theirs: planeOf(marksOf(others['another repository'] ?? shop)),
  "nobody's": planeOf(undefined),
}

describe('a control plane', () => {
  test.each([
    ['ours', marksOf(shop), 'ours'],
    ['ours before the repository was renamed', marksOf(renamed), 'ours'],
    ...foreign,
    ['without a record, which others have installed', undefined, 'unclaimed'],
    ['of version 0.1 on a host that is not ours', {}, 'unclaimed'],
    ['that cannot be told', unreadable, 'unreadable'],
  ] as const)('%s', (_, metadata, kind) => {
    expect(planeOf(metadata).kind).toBe(kind)
  })

  test('of version 0.1 is ours where the host is, and nothing else vouches for it', () => {
    expect(planeOf({}, true)).toMatchObject({ kind: 'ours', mark: { schema: 1 } })
  })

  test.each([
    ['of another', marksOf(others['another domain'] ?? shop), 'foreign'],
    ['that cannot be told', unreadable, 'unreadable'],
  ] as const)('%s is not ours because the host is', (_, metadata, kind) => {
    expect(planeOf(metadata, true).kind).toBe(kind)
  })

  test('without a record is not ours because the host is', () => {
    expect(planeOf(undefined, true).kind).toBe('unclaimed')
  })

  test('of which there is only the namespace yet is whose that is', () => {
    const judge = (namespace: Metadata) =>
      judgeInstallation({}, observed(undefined, namespace), shop, false).kind
    expect([judge(marksOf(shop)), judge({})]).toEqual(['ours', 'unclaimed'])
  })
})

describe('a member', () => {
  const judge = (metadata: Metadata, plane?: Claim<InstalledPlane>, adopt?: boolean) =>
    judgeMember(
      { ...object('Cluster', metadata), spec: { syncMode: 'Push' } },
      { identity: shop, plane, adopt },
    ).kind

  test.each([
    ['of ours', marksOf({ ...shop, cluster: 'usa.pr-1.k8s.example.com', account: '111122223333' }), 'ours'],
    ...foreign,
    ['of another, adopted', marksOf(others['another repository'] ?? shop), 'foreign'],
    ['that cannot be told', unreadable, 'unreadable'],
  ] as const)('%s is what it says in every control plane', (_, metadata, kind) => {
    for (const plane of [undefined, ...Object.values(planes)])
      for (const adopt of [false, true]) expect(judge(metadata, plane, adopt)).toBe(kind)
  })

  test.each([
    ['ours', 'unclaimed'],
    ['ours of version 0.1', 'ours'],
    ['theirs', 'unclaimed'],
    ["nobody's", 'unclaimed'],
  ] as const)('without mark in a control plane that is %s is %s', (plane, kind) => {
    expect(judge({}, planes[plane])).toBe(kind)
    expect(judge({}, planes[plane], true)).toBe('ours')
  })
})

test('a member that a run in another account has joined is not ours', () => {
  const cluster = (account: string) => ({
    ...object('Cluster', marksOf({ ...shop, account })),
    spec: { syncMode: 'Push' },
  })
  const judge = (account: string, adopt = false) =>
    judgeMember(cluster(account), { identity: { ...shop, account: '111122223333' }, adopt }).kind
  expect(judge('111122223333')).toBe('ours')
  expect([judge('444455556666'), judge('444455556666', true)]).toEqual(['foreign', 'foreign'])
})

describe('an object of an app', () => {
  const judge = (metadata: Metadata, plane?: Claim<InstalledPlane>, identity = shop) =>
    judgeObject(object('Service', metadata), identity, plane).kind
  const web = { ...shop, app: 'web' }
  const cart = { ...shop, app: 'cart' }

  test.each([
    ['of ours', marksOf(shop), 'ours'],
    ['of one of our apps', marksOf(web), 'ours'],
    ...foreign,
    ['without mark', {}, 'unclaimed'],
    ['that cannot be told', unreadable, 'unreadable'],
  ] as const)('%s is what it says in every control plane', (_, metadata, kind) => {
    for (const plane of [undefined, ...Object.values(planes)]) expect(judge(metadata, plane)).toBe(kind)
  })

  test('of another app of ours is not the one that is named', () => {
    expect(judge(marksOf(cart), planes.ours, web)).toBe('foreign')
    expect(judge(olderMarksOf(cart), planes.ours, web)).toBe('foreign')
  })

  test.each([
    ['ours', 'ours'],
    ['ours of version 0.1', 'ours'],
    ['theirs', 'unclaimed'],
    ["nobody's", 'unclaimed'],
  ] as const)('of version 0.1 in a control plane that is %s is %s', (plane, kind) => {
    expect(judge(olderMarksOf(shop), planes[plane])).toBe(kind)
    expect(judge(olderMarksOf({ ...shop, environment: 'pr-2' }), planes[plane])).not.toBe('ours')
  })
})

test('a record whose state is of a later release may be of a federation', () => {
  const reading: Reading = unmarked
  const found = readRecord({ ...object('ConfigMap', {}), data: { state: 'moving', version: '2.0.0' } })
  expect(found).toMatchObject({ state: 'installed', version: '2.0.0', reading })
})
