import type { ResourceType } from '@meridian/lab-world'
import { arnOf } from './cloud/elb-kinds.ts'
import { scaling } from './cloud/group-kinds.ts'
import { type Found, list, read } from './cloud/read-xml.ts'
import { filters, members } from './cloud/write-tags.ts'
import { type CloudClient, Refusal } from './cloud-client.ts'

type Remove = (cloud: CloudClient, found: Found) => Promise<unknown>

/** The one request that removes most things of EC2, by the parameter that names them. */
const byId =
  (operation: string, parameter: string): Remove =>
  (cloud, { id }) =>
    cloud.query('ec2', operation, { [parameter]: id })

const removals: Partial<Record<ResourceType, Remove>> = {
  'autoscaling-group': (cloud, { name }) =>
    scaling(cloud, 'DeleteAutoScalingGroup', { AutoScalingGroupName: name, ForceDelete: true }),
  'dhcp-options': byId('DeleteDhcpOptions', 'DhcpOptionsId'),
  'elastic-ip': byId('ReleaseAddress', 'AllocationId'),
  'eventbridge-rule': async (cloud, { name: Rule }) => {
    const { Targets } = await cloud.json<{ Targets: { Id: string }[] }>('events', 'ListTargetsByRule', {
      Rule,
    })
    if (Targets.length > 0) {
      await cloud.json('events', 'RemoveTargets', { Ids: Targets.map(({ Id }) => Id), Rule })
    }
    await cloud.json('events', 'DeleteRule', { Name: Rule })
  },
  'iam-instance-profile': async (cloud, { name }) => {
    const profile = { InstanceProfileName: name }
    await cloud.query('iam', 'RemoveRoleFromInstanceProfile', { ...profile, RoleName: name })
    await cloud.query('iam', 'DeleteInstanceProfile', profile)
  },
  'iam-role': async (cloud, { name: RoleName }) => {
    const policies = list(await cloud.query('iam', 'ListRolePolicies', { RoleName }), 'PolicyNames', 'member')
    await cloud.query('iam', 'ListAttachedRolePolicies', { RoleName })
    for (const PolicyName of policies) {
      await cloud.query('iam', 'DeleteRolePolicy', { PolicyName: String(PolicyName), RoleName })
    }
    await cloud.query('iam', 'DeleteRole', { RoleName })
  },
  instance: (cloud, { id }) => cloud.query('ec2', 'TerminateInstances', { 'InstanceId.1': id }),
  'internet-gateway': async (cloud, { id }) => {
    const answer = await cloud.query('ec2', 'DescribeInternetGateways', { 'InternetGatewayId.1': id })
    const [gateway] = list(answer, 'internetGatewaySet')
    for (const attachment of gateway === undefined ? [] : list(gateway, 'attachmentSet')) {
      const VpcId = read(attachment, 'vpcId')
      await cloud.query('ec2', 'DetachInternetGateway', { InternetGatewayId: id, VpcId })
    }
    await cloud.query('ec2', 'DeleteInternetGateway', { InternetGatewayId: id })
  },
  'key-pair': byId('DeleteKeyPair', 'KeyPairId'),
  'launch-template': byId('DeleteLaunchTemplate', 'LaunchTemplateId'),
  'load-balancer': (cloud, found) =>
    found.attributes.classic === true
      ? cloud.query('classic-load-balancing', 'DeleteLoadBalancer', { LoadBalancerName: found.name })
      : cloud.query('elasticloadbalancing', 'DeleteLoadBalancer', { LoadBalancerArn: arnOf(found) }),
  natgateway: byId('DeleteNatGateway', 'NatGatewayId'),
  'network-interface': byId('DeleteNetworkInterface', 'NetworkInterfaceId'),
  'route-table': byId('DeleteRouteTable', 'RouteTableId'),
  'security-group': async (cloud, { id: GroupId }) => {
    await cloud.query('ec2', 'DescribeSecurityGroups', { 'GroupId.1': GroupId })
    const asked = filters({ 'group-id': GroupId })
    const answer = await cloud.query('ec2', 'DescribeSecurityGroupRules', asked)
    const rules = list(answer, 'securityGroupRuleSet').filter(rule => read(rule, 'isEgress') === 'false')
    const ids = rules.map(rule => read(rule, 'securityGroupRuleId'))
    if (ids.length > 0) {
      await cloud.query('ec2', 'RevokeSecurityGroupIngress', {
        GroupId,
        ...members('SecurityGroupRuleId', ids),
      })
    }
    await cloud.query('ec2', 'DeleteSecurityGroup', { GroupId })
  },
  sqs: (cloud, { attributes }) => cloud.json('sqs', 'DeleteQueue', { QueueUrl: attributes.url }),
  subnet: byId('DeleteSubnet', 'SubnetId'),
  'target-group': (cloud, found) =>
    cloud.query('elasticloadbalancing', 'DeleteTargetGroup', { TargetGroupArn: arnOf(found) }),
  volume: byId('DeleteVolume', 'VolumeId'),
  vpc: byId('DeleteVpc', 'VpcId'),
}

const dependency = /^(DependencyViolation|VolumeInUse|ResourceInUse|InvalidIPAddress\.InUse)$/
const gone = /(NotFound|NoSuchEntity|QueueDoesNotExist|ResourceNotFoundException)/

/** Removes one thing, and says what kops says of it. Only a fault of the network is thrown. */
export async function removeResource(cloud: CloudClient, found: Found): Promise<string> {
  try {
    await removals[found.type]?.(cloud, found)
    return 'ok'
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (gone.test(error.code)) return 'ok'
    if (dependency.test(error.code)) return 'still has dependencies, will retry'
    return `error deleting resources, will retry: ${error.message}`
  }
}
