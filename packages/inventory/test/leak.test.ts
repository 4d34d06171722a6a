import type { TaggedResource } from '@meridian/inventory'
import { expect, test } from 'vitest'
import { describeLeak, isHearsay, judgeRemains, type Remains } from '../src/leak.ts'

const nothing: Remains = {
  tagged: [],
  ec2: [],
  instances: [],
  balancers: [],
  interfaces: [],
  volumes: [],
  unlisted: [],
}
const tagged = (type: string, id: string): TaggedResource => ({
  arn: `arn:aws:${type.split(':')[0]}:us-east-1:111122223333:${type.split(':')[1]}/${id}`,
  type,
  id,
  region: 'us-east-1',
  tags: {},
})
const judge = (remains: Partial<Remains>) =>
  judgeRemains('usa.k8s.example.com', 'us-east-1', { ...nothing, ...remains })

test('nothing is no leak', () => {
  expect(judge({})).toEqual([])
})

const running = { id: 'i-1', type: 't3.medium', state: 'running', tags: {} }
const classic = {
  name: 'a1',
  hostname: 'a1-2.us-east-1.elb.amazonaws.com',
  vpcId: '',
  type: 'classic' as const,
  tags: {},
}

test.each(['terminated', 'shutting-down'])('an instance that is %s is no leak', state => {
  const ec2 = [{ id: 'i-1', type: 'instance' }]
  expect(judge({ tagged: [tagged('ec2:instance', 'i-1')], ec2, instances: [{ ...running, state }] })).toEqual(
    [],
  )
})

test.each([
  ['a volume', 'ec2:volume', 'vol-1'],
  ['an instance', 'ec2:instance', 'i-1'],
  ['a load balancer', 'elasticloadbalancing:loadbalancer', 'net/api/1'],
])('%s that only the tagging API still knows is no leak', (_, type, id) => {
  expect(judge({ tagged: [tagged(type, id)] })).toEqual([])
})

test('an instance that its own listing has ceased to show is no leak, whatever else still shows it', () => {
  const ec2 = [{ id: 'i-1', type: 'instance' }]
  expect(judge({ tagged: [tagged('ec2:instance', 'i-1')], ec2 })).toEqual([])
})

test('a running instance is a leak with its price, told once', () => {
  const found = {
    tagged: [tagged('ec2:instance', 'i-1')],
    ec2: [{ id: 'i-1', type: 'instance' }],
    instances: [running],
  }
  expect(judge(found)).toEqual([
    {
      id: 'arn:aws:ec2:us-east-1:111122223333:instance/i-1',
      type: 'ec2:instance',
      region: 'us-east-1',
      hourlyCost: 0.0416,
      cluster: 'usa.k8s.example.com',
      tags: {},
    },
  ])
})

test('an instance that the tagging API does not know yet is a leak', () => {
  expect(judge({ instances: [running] })).toMatchObject([{ id: 'i-1', hourlyCost: 0.0416 }])
})

test('what the tagging API never lists is a leak too', () => {
  const group = 'arn:aws:autoscaling:us-east-1:1:autoScalingGroup:u:autoScalingGroupName/nodes'
  const found = judge({
    ec2: [{ id: 'lt-1', type: 'launch-template' }],
    unlisted: [group, 'arn:aws:iam::1:role/nodes'],
  })
  expect(found.map(({ type, id }) => [type, id])).toEqual([
    ['ec2:launch-template', 'lt-1'],
    ['autoscaling:autoScalingGroup', group],
    ['iam:role', 'arn:aws:iam::1:role/nodes'],
  ])
})

test.each([
  ['volume', 'vol-1', 0.08],
  ['natgateway', 'nat-1', 0.045],
  ['elastic-ip', 'eipalloc-1', 0.005],
  ['vpc', 'vpc-1', 0],
])('a %s has its price', (type, id, price) => {
  const [leak] = judge({ ec2: [{ id, type }], volumes: [{ id: 'vol-1', gigabytes: 730 }] })
  expect(leak?.hourlyCost).toBeCloseTo(price)
})

test('a volume of unknown size has no price', () => {
  expect(judge({ ec2: [{ id: 'vol-1', type: 'volume' }] })).toMatchObject([{ hourlyCost: null }])
})

test('load balancers are found by their own API, and told once', () => {
  expect(judge({ balancers: [classic] })).toMatchObject([{ id: 'a1', hourlyCost: 0.025 }])
  const listed = [tagged('elasticloadbalancing:loadbalancer', 'a1')]
  expect(judge({ balancers: [classic], tagged: listed })).toMatchObject([
    { id: listed[0]?.arn, hourlyCost: 0.025 },
  ])
})

test('a network interface costs nothing and is a leak all the same', () => {
  const eni = { id: 'eni-1', vpcId: 'vpc-1', subnetId: '', description: 'ELB a1', status: 'in-use', tags: {} }
  expect(judge({ interfaces: [eni] })).toMatchObject([{ id: 'eni-1', hourlyCost: 0 }])
})

test('a leak keeps its tags, which say whose it is', () => {
  const one = { ...tagged('sqs', 'q'), tags: { 'meridian:environment': 'pr-1' } }
  expect(judge({ tagged: [one] })).toMatchObject([{ tags: { 'meridian:environment': 'pr-1' } }])
})

test.each([
  ['sqs', true],
  ['elasticloadbalancing:targetgroup', true],
  ['ec2:volume', false],
  ['iam:role', false],
])('that a %s is there is only hearsay: %s', (type, hearsay) => {
  expect(isHearsay({ id: 'x', type, region: 'us-east-1', hourlyCost: 0, cluster: 'usa' })).toBe(hearsay)
})

test('a leak is told with where it is and what it costs', () => {
  const leak = { id: 'i-1', type: 'ec2:instance', region: 'us-east-1', hourlyCost: 0.0416, cluster: 'usa' }
  expect(describeLeak(leak)).toBe('ec2:instance i-1 in us-east-1 ($0.0416 per hour)')
  expect(describeLeak({ ...leak, hourlyCost: null })).toContain('price unknown')
})
