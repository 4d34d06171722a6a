import { clusterOf, type Resource, type ResourceType, textAttribute } from './resource.ts'

export type Obstacle = { code: string; message: string }

type Rule = { heldBy: ResourceType[]; code?: string; message: (id: string) => string }

const rules: Partial<Record<ResourceType, Rule>> = {
  'elastic-ip': {
    heldBy: ['natgateway'],
    code: 'InvalidIPAddress.InUse',
    message: id => `The address ${id} is in use and may not be released.`,
  },
  subnet: {
    heldBy: ['instance', 'load-balancer', 'natgateway', 'network-interface'],
    message: id => `The subnet '${id}' has dependencies and cannot be deleted.`,
  },
  'security-group': {
    heldBy: ['instance', 'load-balancer', 'network-interface'],
    message: id => `resource ${id} has a dependent object`,
  },
  'internet-gateway': {
    heldBy: ['instance', 'load-balancer', 'natgateway', 'network-interface'],
    message: id =>
      `${id} has some mapped public address(es). Please unmap those before detaching the gateway.`,
  },
  'route-table': {
    heldBy: ['instance', 'load-balancer', 'network-interface', 'subnet'],
    message: id => `The routeTable '${id}' has dependencies and cannot be deleted.`,
  },
  vpc: {
    heldBy: [
      'instance',
      'load-balancer',
      'natgateway',
      'network-interface',
      'subnet',
      'security-group',
      'internet-gateway',
      'route-table',
    ],
    message: id => `The vpc '${id}' has dependencies and cannot be deleted.`,
  },
  'dhcp-options': {
    heldBy: ['vpc'],
    message: id => `The dhcpOptions '${id}' has dependencies and cannot be deleted.`,
  },
  'target-group': {
    heldBy: ['load-balancer'],
    code: 'ResourceInUse',
    message: id => `Target group '${id}' is currently in use by a listener or a rule`,
  },
  volume: { heldBy: ['instance'], code: 'VolumeInUse', message: id => `Volume ${id} is currently attached` },
}

/**
 * Why EC2 or ELB would refuse to delete `resource` while `others` exist; undefined when nothing is in the way.
 * Things are related when they are of one cluster or one VPC; a volume is held only by its own instance, a
 * target group only by a load balancer of its own.
 */
export function findObstacle(resource: Resource, others: readonly Resource[]): Obstacle | undefined {
  const rule = rules[resource.type]
  if (!rule) return undefined
  const holder = others.find(
    other => other.id !== resource.id && rule.heldBy.includes(other.type) && isRelated(resource, other),
  )
  return holder && { code: rule.code ?? 'DependencyViolation', message: rule.message(resource.id) }
}

function isRelated(resource: Resource, other: Resource): boolean {
  if (resource.region !== other.region || resource.account !== other.account) return false
  if (resource.type === 'volume') return textAttribute(resource, 'instanceId') === other.id
  if (other.type === 'natgateway' && resource.type === 'elastic-ip')
    return textAttribute(other, 'allocationId') === resource.id
  if (other.type === 'natgateway' && resource.type === 'subnet')
    return textAttribute(other, 'subnetId') === resource.id
  if (resource.type === 'target-group') return textAttribute(resource, 'loadBalancer') === other.id
  const cluster = clusterOf(resource)
  const vpc = resource.type === 'vpc' ? resource.id : textAttribute(resource, 'vpcId')
  return (
    (cluster !== undefined && cluster === clusterOf(other)) ||
    (vpc !== undefined && (vpc === other.id || vpc === textAttribute(other, 'vpcId')))
  )
}
