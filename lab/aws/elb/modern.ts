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
import { frontOperations } from './front-operations.ts'
import { targetGroupsOf, targetOperations } from './target-operations.ts'

/** Elastic Load Balancing 2015-12-01 (network load balancers): known by ARN. */
export function performModern(
  world: World,
  place: Place,
  operation: string,
  parameters: QueryParameters,
): XmlInput {
  const all = loadBalancersOf(world, place, false)
  const byArn = (wanted: string[]) => pickLoadBalancers(all, wanted, ({ arn }) => [arn], notFound)
  switch (operation) {
    case 'DescribeLoadBalancers': {
      const names = listParameter(parameters, 'Names.member')
      const arns = byArn(listParameter(parameters, 'LoadBalancerArns.member'))
      const found = pickLoadBalancers(arns, names, ({ name }) => [name], notFound)
      const { page, nextMarker } = cutLoadBalancerPage(found, parameters)
      return { LoadBalancers: { member: page.map(describe) }, NextMarker: nextMarker }
    }
    case 'DescribeTags': {
      const known = [...all, ...targetGroupsOf(world, place)]
      const arns = listParameter(parameters, 'ResourceArns.member')
      const found = pickLoadBalancers(known, arns, ({ arn }) => [arn], notFound)
      return { TagDescriptions: { member: found.map(describeTags) } }
    }
    case 'DeleteLoadBalancer': {
      const gone = all.find(({ arn }) => arn === parameters.get('LoadBalancerArn'))
      if (gone) deleteResource(world, gone.id)
      return ''
    }
    default: {
      const other = frontOperations[operation] ?? targetOperations[operation]
      if (!other) throw unknownAction(operation)
      return other(world, place, parameters)
    }
  }
}

function describe(resource: Resource): XmlInput {
  return {
    LoadBalancerArn: resource.arn,
    LoadBalancerName: resource.name,
    DNSName: textAttribute(resource, 'dnsName'),
    CanonicalHostedZoneId: findRegion(resource.region)?.networkZone,
    CreatedTime: new Date(resource.bornAt).toISOString(),
    Scheme: textAttribute(resource, 'scheme') ?? 'internet-facing',
    VpcId: textAttribute(resource, 'vpcId'),
    State: { Code: resource.state ?? 'active' },
    Type: 'network',
    IpAddressType: 'ipv4',
  }
}

function describeTags({ arn, tags }: Resource): XmlInput {
  const member = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  return { ResourceArn: arn, Tags: { member } }
}

function notFound(key: string): AwsError {
  return new AwsError(400, 'LoadBalancerNotFound', `One or more load balancers not found: '${key}'`)
}
