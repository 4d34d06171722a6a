import { describe, expect, test } from 'vitest'
import {
  type Asked,
  compareCluster,
  describeDifference,
  resizeGroups,
  type SavedCluster,
} from '../../src/index.ts'

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
  sshAccess: [],
  channel: 'stable',
  permissionsBoundary: '',
  labels: { 'meridian:environment': 'default', team: 'blue' },
  groups: [controlPlane, group('nodes-us-east-1a', 'node', 3)],
}
const two: SavedCluster = {
  ...saved,
  zones: ['us-east-1a', 'us-east-1b'],
  groups: [
    controlPlane,
    group('nodes-us-east-1a', 'node'),
    group('nodes-us-east-1b', 'node', 1, 'us-east-1b'),
  ],
}

test('what was not given is not compared', () => expect(compareCluster(saved, {})).toEqual([]))

test('what was given as it is makes no difference', () =>
  expect(
    compareCluster(saved, {
      zones: ['us-east-1a'],
      kubernetesVersion: '1.35.7',
      controlPlaneCount: 1,
      controlPlaneSize: 't3.medium',
      nodeCount: 3,
      nodeSize: 't3.medium',
      networking: 'cilium',
      topology: 'public',
      dns: 'none',
      apiAccess: ['::/0', '0.0.0.0/0'],
      sshAccess: [],
      image: 'ami-1',
      channel: 'stable',
      tags: [['team', 'blue']],
    }),
  ).toEqual([]))

describe('an input that was given', () => {
  test.each<[string, Asked, string]>([
    ['zones is us-east-1a, not us-east-1b', { zones: ['us-east-1b'] }, 'refuse'],
    ['networking is cilium, not calico', { networking: 'calico' }, 'refuse'],
    ['topology is public, not private', { topology: 'private' }, 'refuse'],
    ['dns is none, not zone', { dns: 'zone' }, 'refuse'],
    ['control-plane-count is 1, not 3', { controlPlaneCount: 3 }, 'refuse'],
    ['control-plane-size is t3.medium, not m6i.large', { controlPlaneSize: 'm6i.large' }, 'refuse'],
    ['node-size is t3.medium, not m6i.large', { nodeSize: 'm6i.large' }, 'refuse'],
    ['kubernetes-version is 1.35.7, not 1.34.9', { kubernetesVersion: '1.34.9' }, 'refuse'],
    ['kubernetes-version is 1.35.7, not 1.36.1', { kubernetesVersion: '1.36.1' }, 'refuse'],
    ['kubernetes-version is 1.35.7, not 1.35.9', { kubernetesVersion: '1.35.9' }, 'keep'],
    ['node-count is 3, not 1', { nodeCount: 1 }, 'apply'],
    ['ssh-access is none, not 203.0.113.0/24', { sshAccess: ['203.0.113.0/24'] }, 'keep'],
    ['api-access is 0.0.0.0/0, ::/0, not 203.0.113.0/24', { apiAccess: ['203.0.113.0/24'] }, 'apply'],
    ['image is ami-1, not ami-2', { image: 'ami-2' }, 'refuse'],
    ['channel is stable, not alpha', { channel: 'alpha' }, 'keep'],
    [
      'permissions-boundary is not set, not arn:aws:iam::1:policy/b',
      { permissionsBoundary: 'arn:aws:iam::1:policy/b' },
      'keep',
    ],
    ['tags is team=blue, not team=red', { tags: [['team', 'red']] }, 'keep'],
  ])('%s', (words, asked, remedy) => {
    const differences = compareCluster(saved, asked)
    expect(differences.map(describeDifference)).toEqual([words])
    expect(differences[0]?.remedy).toBe(remedy)
    expect(differences[0]?.advice === '').toBe(remedy === 'apply')
  })
})

describe('a number of nodes', () => {
  test('is spread over the zones as kops spreads it', () => {
    expect(resizeGroups(two, 3)).toEqual([{ group: 'nodes-us-east-1a', size: 2 }])
    expect(resizeGroups(two, 3, ['us-east-1b', 'us-east-1a'])).toEqual([
      { group: 'nodes-us-east-1b', size: 2 },
    ])
  })

  test('leaves groups of other bounds alone', () => {
    const scaled = { ...saved, groups: [controlPlane, { ...group('nodes-us-east-1a', 'node'), max: 5 }] }
    expect(compareCluster(scaled, { nodeCount: 4 })).toEqual([])
    expect(compareCluster(scaled, { nodeCount: 6 })).toMatchObject([
      { saved: '1 to 5', wanted: '6', remedy: 'keep' },
    ])
    expect(resizeGroups(scaled, 6)).toEqual([])
  })
})
