import { expect, test } from 'vitest'
import { parseSavedCluster } from '../../src/index.ts'

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
    sshAccess: [],
    channel: 'stable',
    permissionsBoundary: '',
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

test.each<[string, object, object]>([
  ['spot machines by a price', { maxPrice: '0.05' }, { size: 't3.large', spot: true }],
  [
    'any of several types on demand',
    { mixedInstancesPolicy: { instances: ['t3.large', 't3a.large'] } },
    { size: 't3.large,t3a.large', mixed: true },
  ],
  [
    'spot machines by a policy',
    { mixedInstancesPolicy: { instances: ['t3.large'], onDemandBase: 0, onDemandAboveBase: 0 } },
    { size: 't3.large', mixed: true, spot: true },
  ],
  [
    'some spot machines, which is not all',
    { mixedInstancesPolicy: { onDemandBase: 1, onDemandAboveBase: 0 } },
    { size: 't3.large', mixed: true },
  ],
  [
    'whatever has so much memory, which is no type',
    { mixedInstancesPolicy: { instanceRequirements: { memory: { min: '4G' } } } },
    { size: '', mixed: true },
  ],
])('a group has %s', (_, more, machines) => {
  const group = { metadata: { name: 'nodes' }, spec: { role: 'Node', machineType: 't3.large', ...more } }
  const [read] = parseSavedCluster('{"spec":{}}', JSON.stringify(group)).groups
  expect(read).toEqual({ name: 'nodes', role: 'node', image: '', min: 1, max: 1, zones: [], ...machines })
})
