import { describe, expect, test } from 'vitest'
import {
  type ClusterSpec,
  compareCluster,
  describeDifference,
  type ObservedCluster,
  parseSavedCluster,
  planCluster,
  type SavedCluster,
} from '../src/index.ts'

/** The tags of a run at some hour of a day, with the given ones. */
const birth = (hour: number, tags: Record<string, string>, hours = 8) => ({
  'meridian:run': `https://github.com/o/r/actions/runs/${hour}`,
  'meridian:created-at': `2026-11-26T0${hour}:00:00Z`,
  'meridian:expires-at': `2026-11-26T${hour + hours}:00:00Z`,
  ...tags,
})
const spec: ClusterSpec = {
  fullName: 'usa.k8s.example.com',
  stateStore: 's3://usa.k8s.example.com-state',
  zones: ['us-east-1a'],
  kubernetesVersion: '1.35.7',
  controlPlane: { count: 1, size: 't3.medium' },
  nodes: { count: 1, size: 't3.medium' },
  networking: 'cilium',
  topology: 'public',
  labels: birth(8, { team: 'blue' }),
}
const group = (name: string, role: 'control-plane' | 'node', count = 1, zone = 'us-east-1a') => ({
  name,
  role,
  size: 't3.medium',
  image: 'ami-1',
  min: count,
  max: count,
  zones: [zone],
})
const controlPlane = group('control-plane-us-east-1a', 'control-plane')
const saved: SavedCluster = {
  zones: ['us-east-1a'],
  kubernetesVersion: '1.35.7',
  networking: 'cilium',
  topology: 'public',
  dns: 'none',
  apiAccess: ['0.0.0.0/0', '::/0'],
  channel: 'stable',
  labels: birth(8, { team: 'blue' }),
  groups: [controlPlane, group('nodes-us-east-1a', 'node')],
}
const two: Pick<SavedCluster, 'zones' | 'groups'> = {
  zones: ['us-east-1a', 'us-east-1b'],
  groups: [
    controlPlane,
    group('nodes-us-east-1a', 'node'),
    group('nodes-us-east-1b', 'node', 1, 'us-east-1b'),
  ],
}
const both = ['control-plane-us-east-1a', 'nodes-us-east-1a']
const whole: ObservedCluster = { config: true, instanceGroups: both, completed: true, kopsVersion: '1.36.2' }
const begun: ObservedCluster = { config: true, instanceGroups: both, completed: false }
const plan = (observed: ObservedCluster, is: SavedCluster | undefined = saved, wanted = spec) =>
  planCluster(observed, is, wanted, '1.36.2')

describe('a cluster that is', () => {
  test.each<[string, ObservedCluster, SavedCluster | undefined, string]>([
    ['absent', { config: false, instanceGroups: [], completed: false }, undefined, 'create'],
    ['whole', whole, saved, 'update'],
    ['killed in its first update', begun, saved, 'update'],
    ['killed in its first update, of other inputs', begun, { ...saved, networking: 'calico' }, 'recreate'],
    [
      'killed before its second group of nodes',
      begun,
      { ...saved, ...two, groups: two.groups.slice(0, 2) },
      'recreate',
    ],
    ['whole, with other inputs', whole, { ...saved, networking: 'calico' }, 'refuse'],
    ['changed by an older kops', { ...whole, kopsVersion: '1.35.9' }, saved, 'update'],
    ['changed by a newer kops', { ...whole, kopsVersion: '1.36.10' }, saved, 'refuse'],
  ])('%s', (_, observed, is, kind) => expect(plan(observed, is).kind).toBe(kind))

  test.each<[string, ObservedCluster, string]>([
    ['killed after its config', { ...begun, instanceGroups: [] }, 'recreate'],
    ['killed after its first instance group', { ...begun, instanceGroups: both.slice(0, 1) }, 'recreate'],
    ['robbed of its instance groups', { ...whole, instanceGroups: [] }, 'refuse'],
  ])('%s', (_, observed, kind) => expect(planCluster(observed, undefined, spec, '1.36.2').kind).toBe(kind))
})

test('a newer kops is named as the way out', () =>
  expect(plan({ ...whole, kopsVersion: '1.37.0' })).toEqual({
    kind: 'refuse',
    reason: 'kops 1.37.0 has changed it, and kops 1.36.2 is older',
    fix: 'Set kops-version to 1.37.0 or a later one.',
  }))

describe('a changed input', () => {
  test.each<[string, Partial<ClusterSpec>, string]>([
    ['zones is us-east-1a, not us-east-1b', { zones: ['us-east-1b'] }, 'refuse'],
    ['networking is cilium, not calico', { networking: 'calico' }, 'refuse'],
    ['topology is public, not private', { topology: 'private' }, 'refuse'],
    ['dns is none, not zone', { dnsZone: 'k8s.example.com' }, 'refuse'],
    ['control-plane-count is 1, not 3', { controlPlane: { count: 3, size: 't3.medium' } }, 'refuse'],
    [
      'control-plane-size is t3.medium, not m6i.large',
      { controlPlane: { count: 1, size: 'm6i.large' } },
      'refuse',
    ],
    ['node-size is t3.medium, not m6i.large', { nodes: { count: 1, size: 'm6i.large' } }, 'refuse'],
    ['kubernetes-version is 1.35.7, not 1.34.9', { kubernetesVersion: '1.34.9' }, 'refuse'],
    ['kubernetes-version is 1.35.7, not 1.36.1', { kubernetesVersion: '1.36.1' }, 'refuse'],
    ['kubernetes-version is 1.35.7, not 1.35.9', { kubernetesVersion: '1.35.9' }, 'keep'],
    ['node-count is 1, not 3', { nodes: { count: 3, size: 't3.medium' } }, 'apply'],
    ['api-access is 0.0.0.0/0, ::/0, not 203.0.113.0/24', { apiAccess: ['203.0.113.0/24'] }, 'apply'],
    ['image is ami-1, not ami-2', { image: 'ami-2' }, 'refuse'],
    ['channel is stable, not alpha', { channel: 'alpha' }, 'keep'],
    ['tags is team=blue, not none', { labels: birth(9, {}) }, 'keep'],
    ['ttl is 8h, not 4h', { labels: birth(9, { team: 'blue' }, 4) }, 'keep'],
  ])('%s', (words, change, remedy) => {
    const differences = compareCluster(saved, { ...spec, ...change })
    expect(differences.map(describeDifference)).toEqual([words])
    expect(differences[0]?.remedy).toBe(remedy)
    expect(differences[0]?.advice === '').toBe(remedy === 'apply')
  })

  test('is none where only the run differs, or where nothing is asked for', () =>
    expect(compareCluster(saved, { ...spec, labels: birth(9, { team: 'blue' }) })).toEqual([]))

  test('of the number of nodes is spread over the zones as kops spreads it', () => {
    const wanted = { ...spec, zones: ['us-east-1b', 'us-east-1a'], nodes: { count: 3, size: 't3.medium' } }
    expect(plan(whole, { ...saved, ...two }, wanted)).toMatchObject({
      kind: 'update',
      resizes: [{ group: 'nodes-us-east-1b', size: 2 }],
    })
  })

  test('of the number of nodes leaves groups of other bounds alone', () => {
    const scaled = { ...saved, groups: [controlPlane, { ...group('nodes-us-east-1a', 'node'), max: 5 }] }
    const count = (nodes: number) => ({ ...spec, nodes: { count: nodes, size: 't3.medium' } })
    expect(plan(whole, scaled, count(4))).toMatchObject({ differences: [], resizes: [] })
    expect(plan(whole, scaled, count(6))).toMatchObject({
      differences: [{ saved: '1 to 5', wanted: '6', remedy: 'keep' }],
      resizes: [],
    })
  })

  test('that cannot be applied is refused with all reasons at once, and none is applied', () => {
    const refused = plan(whole, saved, {
      ...spec,
      networking: 'calico',
      kubernetesVersion: '1.34.9',
      nodes: { count: 3, size: 't3.medium' },
    })
    expect(refused).toMatchObject({
      kind: 'refuse',
      reason:
        'it is there with other inputs than these: networking is cilium, not calico; kubernetes-version is 1.35.7, not 1.34.9',
      fix: expect.stringMatching(
        /run teardown and create the cluster anew.*set kubernetes-version to 1\.35\.7/,
      ),
    })
  })
})

test('what kops prints of a private cluster of three control planes is read', () => {
  const cluster = {
    spec: {
      kubernetesVersion: '1.35.7',
      kubernetesApiAccess: ['::/0'],
      channel: 'stable',
      cloudLabels: { team: 'blue' },
      networking: { cilium: { enableNodePort: true, etcdManaged: true } },
      subnets: [
        { cidr: '172.20.128.0/17', name: 'us-east-1a', type: 'Private', zone: 'us-east-1a' },
        { cidr: '172.20.0.0/20', name: 'utility-us-east-1a', type: 'Utility', zone: 'us-east-1a' },
      ],
      topology: { dns: { type: 'Public' } },
    },
  }
  const groups = [
    {
      metadata: { name: 'control-plane-us-east-1a-1' },
      spec: {
        role: 'Master',
        machineType: 't3.medium',
        image: 'ami-1',
        minSize: 1,
        maxSize: 1,
        subnets: ['us-east-1a'],
      },
    },
    {
      metadata: { name: 'nodes-us-east-1a' },
      spec: {
        role: 'Node',
        machineType: 't3.large',
        image: 'ami-1',
        minSize: 2,
        maxSize: 4,
        subnets: ['us-east-1a'],
      },
    },
  ]
  expect(parseSavedCluster(JSON.stringify(cluster), JSON.stringify(groups))).toEqual({
    zones: ['us-east-1a'],
    kubernetesVersion: '1.35.7',
    networking: 'cilium-etcd',
    topology: 'private',
    dns: 'public',
    apiAccess: ['::/0'],
    channel: 'stable',
    labels: { team: 'blue' },
    groups: [
      {
        name: 'control-plane-us-east-1a-1',
        role: 'control-plane',
        size: 't3.medium',
        image: 'ami-1',
        min: 1,
        max: 1,
        zones: ['us-east-1a'],
      },
      {
        name: 'nodes-us-east-1a',
        role: 'node',
        size: 't3.large',
        image: 'ami-1',
        min: 2,
        max: 4,
        zones: ['us-east-1a'],
      },
    ],
  })
})
