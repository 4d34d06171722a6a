import type { ResourceType } from '../../world/index.ts'

/** The requests of one kind of resource; `service:Operation`, as in the request log. */
export type Calls = {
  /** Sent to make one, the creating request first. */
  make: readonly string[]
  /** Sent to find those of a cluster. */
  find: readonly string[]
  /** Sent to delete one, the deleting request last. */
  remove: readonly string[]
}

const ec2 = (...operations: string[]) => operations.map(operation => `ec2:${operation}`)
const elb = (...operations: string[]) => operations.map(operation => `elasticloadbalancing:${operation}`)
const iam = (...operations: string[]) => operations.map(operation => `iam:${operation}`)
const scaling = (...operations: string[]) => operations.map(operation => `autoscaling:${operation}`)

/**
 * What kops 1.36.2 sends for each kind of resource of a cluster with the options that Meridian gives. Read from its
 * sources: upup/pkg/fi/cloudup/awstasks (make), pkg/resources/aws (find, remove).
 */
export const kopsCalls: Partial<Record<ResourceType, Calls>> = {
  vpc: {
    make: ec2('CreateVpc', 'ModifyVpcAttribute'),
    find: ec2('DescribeVpcs', 'DescribeVpcAttribute'),
    remove: ec2('DeleteVpc'),
  },
  'dhcp-options': {
    make: ec2('CreateDhcpOptions', 'AssociateDhcpOptions'),
    find: ec2('DescribeDhcpOptions'),
    remove: ec2('DeleteDhcpOptions'),
  },
  'iam-role': {
    make: iam('CreateRole', 'PutRolePolicy'),
    find: iam('ListRoles', 'GetRole', 'GetRolePolicy'),
    remove: iam('ListRolePolicies', 'ListAttachedRolePolicies', 'DeleteRolePolicy', 'DeleteRole'),
  },
  'iam-instance-profile': {
    make: iam('CreateInstanceProfile', 'AddRoleToInstanceProfile'),
    find: iam('ListInstanceProfiles', 'GetInstanceProfile'),
    remove: iam('RemoveRoleFromInstanceProfile', 'DeleteInstanceProfile'),
  },
  sqs: {
    make: ['sqs:CreateQueue'],
    find: ['sqs:ListQueues', 'sqs:GetQueueAttributes', 'sqs:ListQueueTags'],
    remove: ['sqs:DeleteQueue'],
  },
  'eventbridge-rule': {
    make: ['events:PutRule', 'events:PutTargets'],
    find: ['events:ListRules', 'events:ListTagsForResource', 'events:ListTargetsByRule'],
    remove: ['events:RemoveTargets', 'events:DeleteRule'],
  },
  'internet-gateway': {
    make: ec2('CreateInternetGateway', 'AttachInternetGateway'),
    find: ec2('DescribeInternetGateways', 'DescribeEgressOnlyInternetGateways'),
    remove: ec2('DetachInternetGateway', 'DeleteInternetGateway'),
  },
  'route-table': {
    make: ec2('CreateRouteTable', 'CreateRoute', 'AssociateRouteTable'),
    find: ec2('DescribeRouteTables', 'DescribeNatGateways', 'DescribeAddresses'),
    remove: ec2('DeleteRouteTable'),
  },
  'security-group': {
    make: ec2('CreateSecurityGroup', 'AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress'),
    find: ec2('DescribeSecurityGroups', 'DescribeSecurityGroupRules'),
    remove: ec2('RevokeSecurityGroupIngress', 'DeleteSecurityGroup'),
  },
  subnet: {
    make: ec2('CreateSubnet', 'ModifySubnetAttribute'),
    find: ec2('DescribeSubnets'),
    remove: ec2('DeleteSubnet'),
  },
  'load-balancer': {
    make: elb('CreateLoadBalancer', 'ModifyLoadBalancerAttributes', 'CreateListener'),
    find: elb('DescribeLoadBalancers', 'DescribeTags', 'DescribeLoadBalancerAttributes', 'DescribeListeners'),
    remove: elb('DeleteLoadBalancer'),
  },
  'target-group': {
    make: elb('CreateTargetGroup', 'ModifyTargetGroupAttributes'),
    find: elb('DescribeTargetGroups', 'DescribeTargetGroupAttributes'),
    remove: elb('DeleteTargetGroup'),
  },
  'launch-template': {
    make: ec2('CreateLaunchTemplate', 'DescribeImages', 'DescribeInstanceTypes'),
    find: ec2('DescribeLaunchTemplates', 'DescribeLaunchTemplateVersions'),
    remove: ec2('DeleteLaunchTemplate'),
  },
  'autoscaling-group': {
    make: scaling(
      'CreateAutoScalingGroup',
      'EnableMetricsCollection',
      'SuspendProcesses',
      'PutLifecycleHook',
      'AttachLoadBalancerTargetGroups',
    ),
    find: scaling('DescribeAutoScalingGroups', 'DescribeLifecycleHooks', 'DescribeWarmPool'),
    remove: scaling('DeleteAutoScalingGroup'),
  },
  instance: { make: [], find: ec2('DescribeInstances'), remove: ec2('TerminateInstances') },
  volume: {
    make: ec2('CreateVolume'),
    find: ec2('DescribeVolumes', 'DescribeTags'),
    remove: ec2('DeleteVolume'),
  },
  'key-pair': {
    make: ec2('ImportKeyPair'),
    find: ec2('DescribeKeyPairs'),
    remove: ec2('DeleteKeyPair'),
  },
  'network-interface': {
    make: [],
    find: ec2('DescribeNetworkInterfaces'),
    remove: ec2('DeleteNetworkInterface'),
  },
  'elastic-ip': { make: [], find: ec2('DescribeAddresses'), remove: ec2('ReleaseAddress') },
}

/** What kops asks before it looks at any resource. */
export const kopsBeginning: readonly string[] = [
  'sts:GetCallerIdentity',
  ...ec2('DescribeRegions', 'DescribeAvailabilityZones'),
]

/** What changes the limits of an instance group. */
export const kopsResizing: readonly string[] = scaling('UpdateAutoScalingGroup')

/** The request that gives tags to something that exists, by its ARN. */
export function taggingOf(arn: string): string {
  const [, , service = '', , , path = ''] = arn.split(':')
  const operations: Record<string, string> = {
    autoscaling: 'CreateOrUpdateTags',
    ec2: 'CreateTags',
    elasticloadbalancing: 'AddTags',
    events: 'TagResource',
    iam: path.startsWith('role/') ? 'TagRole' : 'TagInstanceProfile',
    sqs: 'TagQueue',
  }
  return `${service}:${operations[service] ?? 'TagResource'}`
}
