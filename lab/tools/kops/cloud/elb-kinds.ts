import type { XmlNode } from '@meridian/lab-aws-protocol'
import type { ResourceType } from '@meridian/lab-world'
import { type CloudClient, type Parameters, Refusal } from '../cloud-client.ts'
import { born, type Kind, nameOf, text } from './kind.ts'
import { type Found, list, read, readTags } from './read-xml.ts'
import { members, numbered } from './write-tags.ts'

const elb = (cloud: CloudClient, operation: string, parameters: Parameters = {}) =>
  cloud.query('elasticloadbalancing', operation, parameters)

/** All load balancers or target groups of the region with their tags. */
export async function listFronts(
  cloud: CloudClient,
  type: 'load-balancer' | 'target-group',
): Promise<Found[]> {
  const balancers = type === 'load-balancer'
  const answer = await elb(cloud, balancers ? 'DescribeLoadBalancers' : 'DescribeTargetGroups', {
    PageSize: 20,
  })
  const found = list(answer, balancers ? 'LoadBalancers' : 'TargetGroups', 'member').map(node =>
    readFront(type, node),
  )
  if (found.length === 0) return []
  const described = await elb(cloud, 'DescribeTags', members('ResourceArns.member', found.map(arnOf)))
  const tags = list(described, 'TagDescriptions', 'member')
  return found.map(each => ({
    ...each,
    tags: readTags(tags.find(node => read(node, 'ResourceArn') === arnOf(each))),
  }))
}

/** The classic load balancers of the region, as those of Services are, with their tags. */
export async function listClassicFronts(cloud: CloudClient): Promise<Found[]> {
  const answer = await cloud.query('classic-load-balancing', 'DescribeLoadBalancers', { PageSize: 20 })
  const names = list(answer, 'LoadBalancerDescriptions', 'member').map(node => read(node, 'LoadBalancerName'))
  if (names.length === 0) return []
  const tags = await describeClassicTags(cloud, names)
  return names.map(name => ({
    type: 'load-balancer',
    id: name,
    name,
    tags: readTags(tags.find(node => read(node, 'LoadBalancerName') === name)),
    attributes: { classic: true },
  }))
}

/** kops asks one by one where one has gone since; for those of the second generation it does not (aws.go, elbv2_loadbalancers.go). */
async function describeClassicTags(cloud: CloudClient, names: readonly string[]): Promise<XmlNode[]> {
  try {
    const asked = members('LoadBalancerNames.member', [...names])
    return list(
      await cloud.query('classic-load-balancing', 'DescribeTags', asked),
      'TagDescriptions',
      'member',
    )
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'LoadBalancerNotFound') throw error
    if (names.length === 1) return []
    return (await Promise.all(names.map(name => describeClassicTags(cloud, [name])))).flat()
  }
}

/** ELB asks for ARNs where EC2 asks for ids. */
export const arnOf = ({ attributes }: Found) => String(attributes.arn)

function readFront(type: 'load-balancer' | 'target-group', node: XmlNode): Found {
  const [prefix, dnsName] = [type === 'load-balancer' ? 'LoadBalancer' : 'TargetGroup', read(node, 'DNSName')]
  const name = read(node, `${prefix}Name`)
  return { type, id: name, name, tags: {}, attributes: { arn: read(node, `${prefix}Arn`), dnsName } }
}

const tag: Kind['tag'] = async (cloud, found, tags) => {
  const parameters = { 'ResourceArns.member.1': arnOf(found), ...numbered('Tags.member', tags) }
  await elb(cloud, 'AddTags', parameters)
}

const findIn =
  (type: 'load-balancer' | 'target-group'): Kind['find'] =>
  async (cloud, wanted, cluster) => {
    const all = await listFronts(cloud, type)
    return all.find(({ name, tags }) => name === nameOf(wanted) && tags.KubernetesCluster === cluster)
  }

export const elbKinds: Partial<Record<ResourceType, Kind>> = {
  'load-balancer': {
    tag,
    async find(cloud, wanted, cluster) {
      const found = await findIn('load-balancer')(cloud, wanted, cluster)
      if (found) await elb(cloud, 'DescribeLoadBalancerAttributes', { LoadBalancerArn: arnOf(found) })
      return found
    },
    async make(cloud, wanted) {
      const answer = await elb(cloud, 'CreateLoadBalancer', {
        IpAddressType: 'ipv4',
        Name: nameOf(wanted),
        Scheme: text(wanted, 'scheme'),
        'SecurityGroups.member.1': text(wanted, 'securityGroup'),
        'SubnetMappings.member.1.SubnetId': text(wanted, 'subnetId'),
        ...numbered('Tags.member', wanted.tags ?? {}),
        Type: 'network',
      })
      await elb(cloud, 'DescribeLoadBalancers', { 'Names.member.1': nameOf(wanted) })
      const [node] = list(answer, 'LoadBalancers', 'member')
      const made = { ...readFront('load-balancer', node ?? ''), tags: wanted.tags ?? {} }
      await elb(cloud, 'ModifyLoadBalancerAttributes', {
        LoadBalancerArn: arnOf(made),
        ...numbered('Attributes.member', {
          'load_balancing.cross_zone.enabled': 'true',
          'access_logs.s3.enabled': 'false',
        }),
      })
      return made
    },
  },
  'target-group': {
    tag,
    async find(cloud, wanted, cluster) {
      const found = await findIn('target-group')(cloud, wanted, cluster)
      if (found) await elb(cloud, 'DescribeTargetGroupAttributes', { TargetGroupArn: arnOf(found) })
      return found
    },
    async make(cloud, wanted) {
      const answer = await elb(cloud, 'CreateTargetGroup', {
        HealthCheckIntervalSeconds: 10,
        HealthCheckProtocol: 'TCP',
        HealthyThresholdCount: 2,
        Name: nameOf(wanted),
        Port: text(wanted, 'port'),
        Protocol: 'TCP',
        UnhealthyThresholdCount: 2,
        VpcId: text(wanted, 'vpcId'),
        ...numbered('Tags.member', wanted.tags ?? {}),
      })
      const [node] = list(answer, 'TargetGroups', 'member')
      const made = { ...readFront('target-group', node ?? ''), tags: wanted.tags ?? {} }
      await elb(cloud, 'ModifyTargetGroupAttributes', {
        TargetGroupArn: arnOf(made),
        ...numbered('Attributes.member', {
          'deregistration_delay.connection_termination.enabled': 'true',
          'deregistration_delay.timeout_seconds': '30',
        }),
      })
      return { ...made, attributes: { ...born(wanted, made.id).attributes, ...made.attributes } }
    },
  },
}
