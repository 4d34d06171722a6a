import { randomText } from './random.ts'
import type { NewResource, ResourceType } from './resource.ts'

const prefixes: Partial<Record<ResourceType, string>> = {
  'dhcp-options': 'dopt-',
  'elastic-ip': 'eipalloc-',
  instance: 'i-',
  'internet-gateway': 'igw-',
  'key-pair': 'key-',
  'launch-template': 'lt-',
  natgateway: 'nat-',
  'network-interface': 'eni-',
  'route-table': 'rtb-',
  'security-group': 'sg-',
  subnet: 'subnet-',
  volume: 'vol-',
  vpc: 'vpc-',
}

/** An identifier in AWS's form (`i-0` and 16 hex digits), or the name for things that are known by name. */
export function identify(resource: NewResource, random: () => number): string {
  const prefix = prefixes[resource.type]
  if (prefix !== undefined) return `${prefix}0${randomText(random, 16)}`
  if (resource.type === 'load-balancer' && resource.attributes?.type === 'network') {
    return `net/${resource.name}/${randomText(random, 16)}`
  }
  return resource.name ?? `${resource.type}-${randomText(random, 12)}`
}

const worldwide: readonly ResourceType[] = ['bucket', 'health-check', 'record-set']

/** What is known by a name of its own account only gets an id that no other account's thing has. */
export function qualify(type: ResourceType, id: string, account: string): string {
  return prefixes[type] !== undefined || worldwide.includes(type) ? id : `${account}/${id}`
}

/** The ARN of a resource, in the form that its service uses. */
export function arnOf(resource: NewResource, id: string, accountId: string): string {
  const { region, type } = resource
  const at = (service: string, path: string) => `arn:aws:${service}:${region}:${accountId}:${path}`
  switch (type) {
    case 'bucket':
      return `arn:aws:s3:::${id}`
    case 'iam-role':
      return `arn:aws:iam::${accountId}:role/${id}`
    case 'iam-instance-profile':
      return `arn:aws:iam::${accountId}:instance-profile/${resource.name ?? id}`
    case 'sqs':
      return at('sqs', id)
    case 'eventbridge-rule':
      return at('events', `rule/${id}`)
    case 'autoscaling-group':
      return at('autoscaling', `autoScalingGroup:${id}:autoScalingGroupName/${id}`)
    case 'load-balancer':
      return at('elasticloadbalancing', `loadbalancer/${id}`)
    case 'target-group':
      return at('elasticloadbalancing', `targetgroup/${id}`)
    case 'health-check':
      return `arn:aws:route53:::healthcheck/${id}`
    case 'record-set':
      return `arn:aws:route53:::recordset/${id}`
    default:
      return at('ec2', `${type}/${id}`)
  }
}
