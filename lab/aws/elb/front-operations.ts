import {
  AwsError,
  listParameter,
  type Place,
  type QueryParameters,
  tagParameters,
  type XmlInput,
} from '@meridian/lab-aws-protocol'
import { addResource, type Resource, randomText, textAttribute, type World } from '@meridian/lab-world'
import { loadBalancersOf } from './find-load-balancers.ts'
import { targetGroupsOf } from './target-operations.ts'

export type ElbOperation = (world: World, place: Place, parameters: QueryParameters) => XmlInput
type Listener = { protocol: string; port: number; targetGroup: string }

/** What makes load balancers and their listeners, changes and shows them. */
export const frontOperations: Record<string, ElbOperation> = {
  CreateLoadBalancer(world, place, parameters) {
    const name = parameters.get('Name') ?? ''
    const subnet = world.inventory.get(parameters.get('SubnetMappings.member.1.SubnetId') ?? '')
    const hash = randomText(world.random, 16)
    const made = addResource(world, {
      type: 'load-balancer',
      ...at(place),
      id: `net/${name}/${hash}`,
      name,
      tags: tagParameters(parameters, 'Tags.member'),
      state: 'active',
      attributes: {
        type: 'network',
        scheme: parameters.get('Scheme'),
        vpcId: subnet && textAttribute(subnet, 'vpcId'),
        dnsName: `${name}-${hash}.elb.${place.region}.amazonaws.com`,
        listeners: [],
      },
    })
    const [shown] = [
      { LoadBalancerArn: made.arn, LoadBalancerName: name, DNSName: String(made.attributes.dnsName) },
    ]
    return { LoadBalancers: { member: [shown] } }
  },
  CreateListener(world, place, parameters) {
    const balancer = findBalancer(world, place, parameters)
    const arn = parameters.get('DefaultActions.member.1.TargetGroupArn') ?? ''
    const [target] = targetGroupsOf(world, place).filter(each => each.arn === arn)
    if (!target)
      throw new AwsError(400, 'TargetGroupNotFound', `One or more target groups not found: '${arn}'`)
    const [protocol, port] = [parameters.get('Protocol') ?? '', Number(parameters.get('Port'))]
    if (listenersOf(balancer).some(other => other.port === port)) {
      throw new AwsError(
        400,
        'DuplicateListener',
        'A listener already exists on this port for this load balancer',
      )
    }
    balancer.attributes.listeners = [...listenersOf(balancer), { protocol, port, targetGroup: arn }]
    target.attributes.loadBalancer = balancer.id
    return { Listeners: { member: [describeListener(balancer, { protocol, port, targetGroup: arn })] } }
  },
  DescribeListeners(world, place, parameters) {
    const balancer = findBalancer(world, place, parameters)
    return { Listeners: { member: listenersOf(balancer).map(each => describeListener(balancer, each)) } }
  },
  ModifyLoadBalancerAttributes(world, place, parameters) {
    const balancer = findBalancer(world, place, parameters)
    balancer.attributes.settings = { ...settingsOf(balancer), ...readSettings(parameters) }
    return { Attributes: { member: writeSettings(balancer) } }
  },
  DescribeLoadBalancerAttributes: (world, place, parameters) => ({
    Attributes: { member: writeSettings(findBalancer(world, place, parameters)) },
  }),
  AddTags(world, place, parameters) {
    const known = [...loadBalancersOf(world, place, false), ...targetGroupsOf(world, place)]
    for (const arn of listParameter(parameters, 'ResourceArns.member')) {
      const found = known.find(each => each.arn === arn)
      if (!found) throw balancerNotFound(arn)
      world.inventory.tag(found.id, tagParameters(parameters, 'Tags.member'))
    }
    return ''
  },
}

function findBalancer(world: World, place: Place, parameters: QueryParameters): Resource {
  const arn = parameters.get('LoadBalancerArn') ?? ''
  const found = loadBalancersOf(world, place, false).find(each => each.arn === arn)
  if (!found) throw balancerNotFound(arn)
  return found
}

const balancerNotFound = (arn: string) =>
  new AwsError(400, 'LoadBalancerNotFound', `One or more load balancers not found: '${arn}'`)

const listenersOf = ({ attributes }: Resource) => (attributes.listeners ?? []) as Listener[]

function describeListener({ arn }: Resource, { protocol, port, targetGroup }: Listener): XmlInput {
  const action = { Type: 'forward', TargetGroupArn: targetGroup }
  const ListenerArn = `${arn.replace(':loadbalancer/', ':listener/')}/${port}`
  return {
    ListenerArn,
    LoadBalancerArn: arn,
    Port: port,
    Protocol: protocol,
    DefaultActions: { member: [action] },
  }
}

function readSettings(parameters: QueryParameters): Record<string, string> {
  return tagParameters(parameters, 'Attributes.member')
}

const settingsOf = ({ attributes }: Resource) => (attributes.settings ?? {}) as Record<string, string>

function writeSettings(resource: Resource): XmlInput[] {
  return Object.entries(settingsOf(resource)).map(([Key, Value]) => ({ Key, Value }))
}

const at = ({ account, region }: Place) => ({ account, region })
