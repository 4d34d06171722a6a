import {
  AwsError,
  listParameter,
  type Place,
  type QueryParameters,
  unknownAction,
  type XmlInput,
} from '@meridian/lab-aws-protocol'
import { deleteResource, findRegion, type Resource, textAttribute, type World } from '@meridian/lab-world'
import { cutLoadBalancerPage, loadBalancersOf, pickLoadBalancers } from './find-load-balancers.ts'
import type { Listener } from './load-balancers.ts'

/** Elastic Load Balancing 2012-06-01: load balancers are known by name. */
export function performClassic(
  world: World,
  place: Place,
  operation: string,
  parameters: QueryParameters,
): XmlInput {
  const all = loadBalancersOf(world, place, true)
  const pick = (wanted: string[]) => pickLoadBalancers(all, wanted, ({ name }) => [name], notFound)
  switch (operation) {
    case 'DescribeLoadBalancers': {
      const found = pick(listParameter(parameters, 'LoadBalancerNames.member'))
      const { page, nextMarker } = cutLoadBalancerPage(found, parameters)
      return { LoadBalancerDescriptions: { member: page.map(describe) }, NextMarker: nextMarker }
    }
    case 'DescribeTags': {
      const found = pick(listParameter(parameters, 'LoadBalancerNames.member'))
      return { TagDescriptions: { member: found.map(describeTags) } }
    }
    case 'DeleteLoadBalancer': {
      // A name that does not exist is deleted successfully.
      const gone = all.find(({ name }) => name === parameters.get('LoadBalancerName'))
      if (gone) deleteResource(world, gone.id)
      return ''
    }
    default:
      throw unknownAction(operation)
  }
}

function describe(resource: Resource): XmlInput {
  const dnsName = textAttribute(resource, 'dnsName')
  return {
    LoadBalancerName: resource.name,
    DNSName: dnsName,
    CanonicalHostedZoneName: dnsName,
    CanonicalHostedZoneNameID: findRegion(resource.region)?.elbZone,
    Scheme: textAttribute(resource, 'scheme') ?? 'internet-facing',
    VPCId: textAttribute(resource, 'vpcId'),
    CreatedTime: new Date(resource.bornAt).toISOString(),
    ListenerDescriptions: {
      member: listenersOf(resource).map(Listener => ({ Listener: describeListener(Listener) })),
    },
  }
}

function listenersOf(resource: Resource): Listener[] {
  const { listeners } = resource.attributes
  return Array.isArray(listeners) ? listeners : []
}

function describeListener({ protocol, port, instancePort }: Listener): XmlInput {
  return {
    Protocol: protocol,
    LoadBalancerPort: port,
    InstanceProtocol: protocol,
    InstancePort: instancePort ?? port,
  }
}

function describeTags({ name, tags }: Resource): XmlInput {
  const member = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  return { LoadBalancerName: name, Tags: { member } }
}

function notFound(name: string): AwsError {
  return new AwsError(400, 'LoadBalancerNotFound', `There is no ACTIVE Load Balancer named '${name}'`)
}
