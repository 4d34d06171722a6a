import type { SavedCluster } from '@meridian/kops'
import { expect, test } from 'vitest'
import { countMachines, machineryOf } from '../../src/cost/count-machines.ts'
import { estimateCost, type Machinery } from '../../src/cost/estimate-cost.ts'

const lab: Machinery = {
  region: 'us-east-1',
  zones: 1,
  controlPlane: [{ count: 1, size: 't3.medium' }],
  nodes: [{ count: 1, size: 't3.medium' }],
  topology: 'public',
  apiLoadBalancer: true,
}

test.each<[string, Partial<Machinery>, number | undefined]>([
  ['two machines, their disks and addresses, and a load balancer', {}, 0.1461],
  ['no load balancer where the API has a name', { apiLoadBalancer: false }, 0.1186],
  ['gateways where machines are private', { topology: 'private' }, 0.1861],
  [
    'each group of machines at its own price',
    {
      nodes: [
        { count: 0, size: 'x9.huge' },
        { count: 1, size: 't3.medium' },
      ],
    },
    0.1461,
  ],
  ['nothing of sizes that are not in the table', { nodes: [{ count: 1, size: 'x9.huge' }] }, undefined],
])('the estimate has %s', (_, change, usd) => expect(estimateCost({ ...lab, ...change })?.usd).toBe(usd))

test('of several types the dearest counts, and the estimate is the most that it may be', () =>
  expect(estimateCost({ ...lab, nodes: [{ count: 1, size: 't3a.nano,t3.medium' }] })).toEqual({
    usd: 0.1461,
    reckoned: false,
    atMost: true,
  }))

test('spot machines cost at most what they cost on demand', () =>
  expect(estimateCost({ ...lab, nodes: [{ count: 1, size: 't3.medium', spot: true }] })).toMatchObject({
    usd: 0.1461,
    atMost: true,
  }))

test('prices of other regions are told to be reckoned', () =>
  expect(estimateCost({ ...lab, region: 'eu-west-1' })?.reckoned).toBe(true))

test('a cluster that is there is reckoned by what kops has saved of it', () => {
  const group = { name: 'g', image: '', max: 9, zones: ['us-east-1a'], size: 't3.medium' }
  const saved: SavedCluster = {
    zones: ['us-east-1a'],
    kubernetesVersion: '1.35.7',
    networking: 'cilium',
    topology: 'public',
    dns: 'none',
    apiAccess: [],
    sshAccess: [],
    channel: '',
    permissionsBoundary: '',
    labels: {},
    groups: [
      { ...group, role: 'control-plane', min: 1 },
      { ...group, role: 'node', min: 3 },
      { ...group, role: 'other', min: 2 },
    ],
  }
  const machinery = machineryOf(saved, 'us-east-1')
  expect(countMachines(machinery)).toBe(6)
  expect(machinery).toMatchObject({ zones: 1, apiLoadBalancer: true, topology: 'public' })
})
