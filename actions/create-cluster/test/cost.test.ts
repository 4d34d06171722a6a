import { expect, test } from 'vitest'
import { estimateCost, type Machinery } from '../src/cost.ts'

const lab: Machinery = {
  region: 'us-east-1',
  zones: 1,
  controlPlane: { count: 1, size: 't3.medium' },
  nodes: { count: 1, size: 't3.medium' },
  topology: 'public',
  apiLoadBalancer: true,
}

test.each<[string, Partial<Machinery>, number | undefined]>([
  ['two machines, their disks and addresses, and a load balancer', {}, 0.1461],
  ['no load balancer where the API has a name', { apiLoadBalancer: false }, 0.1186],
  ['gateways where machines are private', { topology: 'private' }, 0.1861],
  ['nothing of sizes that are not in the table', { nodes: { count: 1, size: 'x9.huge' } }, undefined],
])('the estimate has %s', (_, change, usd) => expect(estimateCost({ ...lab, ...change })?.usd).toBe(usd))

test('prices of other regions are told to be reckoned', () =>
  expect(estimateCost({ ...lab, region: 'eu-west-1' })?.reckoned).toBe(true))
