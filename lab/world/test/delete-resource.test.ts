import { expect, onTestFinished, test } from 'vitest'
import { addResource } from '../add-resource.ts'
import { deleteResource } from '../delete-resource.ts'
import type { NewResource, ResourceType } from '../resource.ts'
import { createWorld } from '../world.ts'

const region = 'us-east-1'
const tags = { KubernetesCluster: 'usa.k8s.example.com' }

function openWorld(scale = 1000) {
  const world = createWorld({ scale })
  onTestFinished(world.close)
  const add = (type: ResourceType, more: Partial<NewResource> = {}) =>
    addResource(world, { type, region, tags, ...more })
  return { world, add }
}

test.each([
  ['subnet', 'instance', 'DependencyViolation'],
  ['subnet', 'load-balancer', 'DependencyViolation'],
  ['security-group', 'instance', 'DependencyViolation'],
  ['internet-gateway', 'load-balancer', 'DependencyViolation'],
  ['route-table', 'subnet', 'DependencyViolation'],
  ['vpc', 'subnet', 'DependencyViolation'],
  ['vpc', 'internet-gateway', 'DependencyViolation'],
  ['vpc', 'security-group', 'DependencyViolation'],
  ['dhcp-options', 'vpc', 'DependencyViolation'],
] as const)('a %s cannot be deleted while there is a %s of its cluster', (type, other, code) => {
  const { world, add } = openWorld()
  const { id } = add(type)
  add(other)

  expect(deleteResource(world, id)).toMatchObject({ outcome: 'blocked', code })
})

test('things of another cluster or another region are not in the way', () => {
  const { world, add } = openWorld()
  const { id } = add('vpc')
  add('instance', { tags: { KubernetesCluster: 'other' } })
  add('instance', { region: 'eu-west-1' })

  expect(deleteResource(world, id)).toEqual({ outcome: 'gone' })
})

test('what lies in a VPC holds it, whatever its tags', () => {
  const { world, add } = openWorld()
  const { id } = add('vpc')
  add('network-interface', { tags: {}, attributes: { vpcId: id } })

  expect(deleteResource(world, id)).toMatchObject({ outcome: 'blocked' })
})

test('a volume is held by its instance, a target group by its load balancer', () => {
  const { world, add } = openWorld()
  const instance = add('instance')
  const balancer = add('load-balancer', { name: 'api', attributes: { type: 'network' } })
  const held = add('volume', { attributes: { instanceId: instance.id } })
  const free = add('volume')
  const group = add('target-group', { name: 'tcp', attributes: { loadBalancer: balancer.id } })

  expect(deleteResource(world, held.id)).toMatchObject({ code: 'VolumeInUse' })
  expect(deleteResource(world, free.id)).toEqual({ outcome: 'gone' })
  expect(deleteResource(world, group.id)).toMatchObject({ code: 'ResourceInUse' })
})

test('an instance takes its time to terminate, and is remembered', async () => {
  const { world, add } = openWorld()
  const { id } = add('instance', { state: 'running' })

  expect(deleteResource(world, id)).toEqual({ outcome: 'deleting' })
  expect(deleteResource(world, id)).toEqual({ outcome: 'deleting' })
  expect(world.inventory.get(id)?.state).toBe('shutting-down')
  await world.clock.sleep(35)
  expect(world.inventory.get(id)).toBeUndefined()
  expect(world.inventory.departed).toMatchObject([{ resource: { id, state: 'terminated' } }])
})

test('the interface of a load balancer holds the subnet for a minute after it', async () => {
  const { world, add } = openWorld()
  const subnet = add('subnet')
  const balancer = add('load-balancer', { name: 'api', attributes: { type: 'network' } })
  deleteResource(world, balancer.id)

  expect(deleteResource(world, subnet.id)).toMatchObject({ code: 'DependencyViolation' })
  await world.clock.sleep(65)
  expect(deleteResource(world, subnet.id)).toEqual({ outcome: 'gone' })
})

test('a deleted load balancer loses its name', () => {
  const { world, add } = openWorld()
  const balancer = add('load-balancer', { name: 'api', attributes: { dnsName: 'api.elb.example.com' } })
  world.network.publish('api.elb.example.com', 443, 1234)

  deleteResource(world, balancer.id)

  expect(world.network.resolve('api.elb.example.com', 443)).toBeUndefined()
})

test('the interface of a load balancer cannot be deleted by hand', () => {
  const { world, add } = openWorld()
  add('load-balancer', { name: 'api' })
  const [found] = world.inventory.list({ type: 'network-interface' })

  expect(deleteResource(world, found?.id ?? '')).toMatchObject({ code: 'OperationNotPermitted' })
})

test('what is absent is absent', () => {
  expect(deleteResource(openWorld().world, 'i-1')).toEqual({ outcome: 'absent' })
})
