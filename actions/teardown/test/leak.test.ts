import type { TaggedResource } from '@meridian/aws'
import { expect, test } from 'vitest'
import { describeLeak, judgeRemains, type Remains } from '../src/leak.ts'

const nothing: Remains = { tagged: [], instances: [], balancers: [], interfaces: [], volumes: [] }
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

test.each(['terminated', 'shutting-down'])('an instance that is %s is no leak', state => {
  const instances = [{ id: 'i-1', type: 't3.medium', state, tags: {} }]
  expect(judge({ tagged: [tagged('ec2:instance', 'i-1')], instances })).toEqual([])
})

test('an instance that only the tagging API still knows is no leak', () => {
  expect(judge({ tagged: [tagged('ec2:instance', 'i-1')] })).toEqual([])
})

test('a running instance is a leak with its price', () => {
  const instances = [{ id: 'i-1', type: 't3.medium', state: 'running', tags: {} }]
  expect(judge({ tagged: [tagged('ec2:instance', 'i-1')], instances })).toEqual([
    {
      id: 'arn:aws:ec2:us-east-1:111122223333:instance/i-1',
      type: 'ec2:instance',
      region: 'us-east-1',
      hourlyCost: 0.0416,
      cluster: 'usa.k8s.example.com',
    },
  ])
})

test('an instance that the tagging API does not know yet is a leak', () => {
  expect(judge({ instances: [{ id: 'i-1', type: 't3.medium', state: 'running', tags: {} }] })).toMatchObject([
    { id: 'i-1', hourlyCost: 0.0416 },
  ])
})

test('a volume is priced by its size', () => {
  const [leak] = judge({
    tagged: [tagged('ec2:volume', 'vol-1')],
    volumes: [{ id: 'vol-1', gigabytes: 730 }],
  })
  expect(leak?.hourlyCost).toBeCloseTo(0.08)
})

test('load balancers are found by their own API too, and told once', () => {
  const classic = {
    name: 'a1',
    hostname: 'a1-2.us-east-1.elb.amazonaws.com',
    vpcId: '',
    type: 'classic' as const,
    tags: {},
  }
  expect(judge({ balancers: [classic] })).toMatchObject([{ id: 'a1', hourlyCost: 0.025 }])
  expect(
    judge({ balancers: [classic], tagged: [tagged('elasticloadbalancing:loadbalancer', 'a1')] }).length,
  ).toBe(1)
})

test('a network interface costs nothing and is a leak all the same', () => {
  const eni = { id: 'eni-1', vpcId: 'vpc-1', subnetId: '', description: 'ELB a1', status: 'in-use', tags: {} }
  expect(judge({ interfaces: [eni] })).toMatchObject([{ id: 'eni-1', hourlyCost: 0 }])
})

test('a leak is told with where it is and what it costs', () => {
  const leak = { id: 'i-1', type: 'ec2:instance', region: 'us-east-1', hourlyCost: 0.0416, cluster: 'usa' }
  expect(describeLeak(leak)).toBe('ec2:instance i-1 in us-east-1 ($0.0416 per hour)')
  expect(describeLeak({ ...leak, hourlyCost: null })).toContain('price unknown')
})
