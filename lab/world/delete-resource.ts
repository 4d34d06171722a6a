import { fillGroup, groupOf, instancesOf } from './autoscaling.ts'
import { findObstacle } from './dependencies.ts'
import { type Resource, textAttribute } from './resource.ts'
import { terminateInstance } from './terminate-instance.ts'
import type { World } from './world.ts'

export type Deletion =
  | { outcome: 'gone' | 'deleting' | 'absent' }
  | { outcome: 'blocked'; code: string; message: string }

const interfaceLingerSeconds = 60
const natGatewayGoesSeconds = 60

/**
 * Deletes as AWS does: refused while something depends on it, instances take their time to terminate and are
 * replaced by their group while it exists, and the network interfaces of a load balancer outlive it.
 */
export function deleteResource(world: World, id: string): Deletion {
  const resource = world.inventory.get(id)
  if (!resource) return { outcome: 'absent' }
  const obstacle = findObstacle(resource, world.inventory.list())
  if (obstacle) return { outcome: 'blocked', ...obstacle }
  if (resource.type === 'instance') return removeInstance(world, resource)
  if (resource.type === 'autoscaling-group')
    for (const each of instancesOf(world, resource)) terminateInstance(world, each)
  if (resource.type === 'load-balancer') return removeLoadBalancer(world, resource)
  if (resource.type === 'natgateway') return removeNatGateway(world, resource)
  if (resource.type === 'network-interface' && resource.attributes.requesterManaged) {
    return { outcome: 'blocked', code: 'OperationNotPermitted', message: `${id} is managed by its requester` }
  }
  world.inventory.remove(id)
  return { outcome: 'gone' }
}

function removeInstance(world: World, instance: Resource): Deletion {
  terminateInstance(world, instance, () => {
    const group = groupOf(world, instance)
    if (group) fillGroup(world, group)
  })
  return { outcome: 'deleting' }
}

/** Until it has gone, its address is taken, and its subnet has its interface. */
function removeNatGateway(world: World, gateway: Resource): Deletion {
  if (gateway.state === 'deleting') return { outcome: 'deleting' }
  gateway.state = 'deleting'
  world.delays.note('NAT gateways go', gateway.region, natGatewayGoesSeconds)
  world.clock.after(natGatewayGoesSeconds, () => {
    gateway.state = 'deleted'
    world.inventory.remove(gateway.id)
  })
  return { outcome: 'deleting' }
}

function removeLoadBalancer(world: World, loadBalancer: Resource): Deletion {
  world.inventory.remove(loadBalancer.id)
  const host = textAttribute(loadBalancer, 'dnsName')
  if (host) world.network.withdraw(host)
  const linger = interfaceLingerSeconds * (world.faults.active('lingering-interfaces') ? 4 : 1)
  const left = world.inventory.list({
    type: 'network-interface',
    attributes: { loadBalancer: loadBalancer.id },
  })
  world.delays.note('network interfaces go', loadBalancer.region, linger)
  world.clock.after(linger, () => {
    for (const { id } of left) world.inventory.remove(id)
  })
  return { outcome: 'gone' }
}
