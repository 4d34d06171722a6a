import { DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2'
import * as classic from '@aws-sdk/client-elastic-load-balancing'
import * as modern from '@aws-sdk/client-elastic-load-balancing-v2'
import { refusalOf } from '@meridian/lab-aws-protocol/testing'
import { expect, test } from 'vitest'
import type { NewLoadBalancer } from '../elb/load-balancers.ts'
import { openAccount } from './open-account.ts'

const region = 'eu-west-1'
const given: NewLoadBalancer = {
  region,
  name: 'a0123456789abcdef0123456789abcde',
  type: 'classic',
  tags: { KubernetesCluster: 'eur.k8s.example.com' },
  listeners: [{ protocol: 'TCP', port: 80, instancePort: 30080 }],
}

test('a classic load balancer is listed with its name in the region', async () => {
  const { aws, elb } = await openAccount()
  const { hostname } = aws.elb.create(given)

  const { LoadBalancerDescriptions } = await elb(region).send(new classic.DescribeLoadBalancersCommand({}))

  expect(hostname).toMatch(/^a[0-9a-f]{31}-\d+\.eu-west-1\.elb\.amazonaws\.com$/)
  expect(LoadBalancerDescriptions).toMatchObject([
    { LoadBalancerName: given.name, DNSName: hostname, CanonicalHostedZoneNameID: 'Z32O12XQLNTSW2' },
  ])
  expect(LoadBalancerDescriptions?.[0]?.ListenerDescriptions?.[0]?.Listener?.InstancePort).toBe(30_080)
})

test('a network load balancer is listed by the other service only', async () => {
  const { aws, elb, elbv2 } = await openAccount({ scale: 1 })
  const { hostname } = aws.elb.create({ ...given, type: 'network' })

  const { LoadBalancers } = await elbv2(region).send(new modern.DescribeLoadBalancersCommand({}))
  const old = await elb(region).send(new classic.DescribeLoadBalancersCommand({}))

  expect(hostname).toMatch(/-[0-9a-f]{16}\.elb\.eu-west-1\.amazonaws\.com$/)
  expect(LoadBalancers).toMatchObject([
    { DNSName: hostname, Type: 'network', State: { Code: 'provisioning' } },
  ])
  expect(old.LoadBalancerDescriptions).toEqual([])
})

test('a load balancer of one region is unknown in another', async () => {
  const { aws, elb } = await openAccount()
  aws.elb.create(given)
  const describe = new classic.DescribeLoadBalancersCommand({ LoadBalancerNames: [given.name] })

  expect((await refusalOf(elb('us-east-1').send(describe))).name).toBe('AccessPointNotFoundException')
})

test('tags are answered by name and by ARN', async () => {
  const { aws, elb, elbv2 } = await openAccount()
  aws.elb.create(given)
  aws.elb.create({ ...given, type: 'network' })
  const { LoadBalancers } = await elbv2(region).send(new modern.DescribeLoadBalancersCommand({}))
  const arn = LoadBalancers?.[0]?.LoadBalancerArn ?? ''
  const Tags = [{ Key: 'KubernetesCluster', Value: 'eur.k8s.example.com' }]

  const byName = await elb(region).send(new classic.DescribeTagsCommand({ LoadBalancerNames: [given.name] }))
  const byArn = await elbv2(region).send(new modern.DescribeTagsCommand({ ResourceArns: [arn] }))

  expect(byName.TagDescriptions).toMatchObject([{ LoadBalancerName: given.name, Tags }])
  expect(byArn.TagDescriptions).toMatchObject([{ ResourceArn: arn, Tags }])
})

test('the network interface of a load balancer outlives it', async () => {
  const { aws, elb, ec2, world } = await openAccount({ scale: 1 })
  aws.elb.create(given)
  const describe = new DescribeNetworkInterfacesCommand({
    Filters: [{ Name: 'description', Values: ['ELB a0*'] }],
  })

  await elb(region).send(new classic.DeleteLoadBalancerCommand({ LoadBalancerName: given.name }))

  expect(world.inventory.list({ type: 'load-balancer' })).toEqual([])
  expect((await ec2(region).send(describe)).NetworkInterfaces).toMatchObject([{ RequesterManaged: true }])
  world.clock.skip(65)
  expect((await ec2(region).send(describe)).NetworkInterfaces).toEqual([])
  expect(world.inventory.list()).toEqual([])
})

test('deleting what does not exist is a success', async () => {
  const { elb } = await openAccount()

  await elb(region).send(new classic.DeleteLoadBalancerCommand({ LoadBalancerName: 'nobody' }))
})

test('a load balancer resolves after 40 seconds of the world, as a fault after 160', async () => {
  const fast = await openAccount({ scale: 1000 })
  const slow = await openAccount({ scale: 1000, faults: ['slow-elb'] })

  await fast.aws.elb.create(given).ready
  await slow.aws.elb.create(given).ready

  expect(fast.world.clock.elapsed()).toBeGreaterThanOrEqual(39)
  expect(slow.world.clock.elapsed()).toBeGreaterThanOrEqual(159)
})

test('as a fault interfaces stay four times as long', async () => {
  const { aws, world } = await openAccount({ scale: 1, faults: ['lingering-interfaces'] })
  aws.elb.remove(aws.elb.create(given).hostname)

  world.clock.skip(70)
  expect(world.inventory.list({ type: 'network-interface' })).toHaveLength(1)
  world.clock.skip(190)
  expect(world.inventory.list()).toEqual([])
})
