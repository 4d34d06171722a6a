import { fillGroup } from './autoscaling.ts'
import { clusterOf, type NewResource, type Resource, textAttribute } from './resource.ts'
import type { World } from './world.ts'

const natGatewayOpensSeconds = 120

/**
 * Adds a resource together with what AWS makes beside it: a load balancer brings a network interface, an auto
 * scaling group its instances.
 */
export function addResource(world: World, given: NewResource): Resource {
  const resource = world.inventory.add(given)
  if (resource.type === 'load-balancer') addInterface(world, resource)
  if (resource.type === 'autoscaling-group') fillGroup(world, resource)
  if (resource.type === 'natgateway') openNatGateway(world, resource)
  return resource
}

/** It is shown as pending for two minutes. */
function openNatGateway(world: World, gateway: Resource): void {
  gateway.state = 'pending'
  world.delays.note('NAT gateways open', gateway.region, natGatewayOpensSeconds)
  world.clock.after(natGatewayOpensSeconds, () => {
    if (gateway.state === 'pending') gateway.state = 'available'
  })
}

// These interfaces carry no tags in AWS: whoever looks for them has only the description and the VPC.
function addInterface(world: World, loadBalancer: Resource): void {
  const { id, name = id, account, region } = loadBalancer
  const description = loadBalancer.attributes.type === 'network' ? `ELB net/${name}/${id}` : `ELB ${name}`
  world.inventory.add({
    type: 'network-interface',
    account,
    region,
    state: 'in-use',
    attributes: {
      description,
      loadBalancer: id,
      ...(loadBalancer.attributes.type === 'network' && { interfaceType: 'network_load_balancer' }),
      requesterManaged: true,
      cluster: clusterOf(loadBalancer),
      vpcId: textAttribute(loadBalancer, 'vpcId'),
    },
  })
}
