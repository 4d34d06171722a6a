import { child } from '@meridian/lab-aws-protocol'
import type { Building } from './building.ts'
import { describe } from './cloud/ec2-kinds.ts'
import { arnOf } from './cloud/elb-kinds.ts'
import { listRules } from './cloud/event-kinds.ts'
import { scaling } from './cloud/group-kinds.ts'
import { askIam } from './cloud/iam-kinds.ts'
import { type Found, list, read } from './cloud/read-xml.ts'
import { filters, members } from './cloud/write-tags.ts'
import type { InstanceGroup } from './cluster-object.ts'
import { shortName } from './names.ts'
import { rolePolicy } from './role-policies.ts'
import { runTask } from './run-task.ts'
import { tieRules } from './security-rules.ts'
import { frontPorts, groupLabel, hasLoadBalancer, rolesOf } from './wanted-resources.ts'

/** Finds what has been found or made of a type. */
const of = ({ found }: Building, type: Found['type']) => found.filter(each => each.type === type)
const idOf = (building: Building, type: Found['type']) => of(building, type)[0]?.id ?? ''

/** The network's addresses and names, what the machines may do, and where events go. */
export async function tieBase(building: Building): Promise<void> {
  const { kops, cloud, cluster } = building
  const { name } = cluster.metadata
  const VpcId = idOf(building, 'vpc')
  await runTask(kops, `VPCAmazonIPv6CIDRBlock/AmazonIPv6`, async () => {
    const [vpc] = list(await cloud.query('ec2', 'DescribeVpcs', { 'VpcId.1': VpcId }), 'vpcSet')
    const blocks = vpc === undefined ? [] : list(vpc, 'ipv6CidrBlockAssociationSet')
    if (blocks.length > 0) return
    await cloud.query('ec2', 'AssociateVpcCidrBlock', { AmazonProvidedIpv6CidrBlock: true, VpcId })
  })
  await runTask(kops, `VPCDHCPOptionsAssociation/${name}`, async () => {
    const [vpc] = list(await cloud.query('ec2', 'DescribeVpcs', { 'VpcId.1': VpcId }), 'vpcSet')
    const DhcpOptionsId = idOf(building, 'dhcp-options')
    if (read(vpc, 'dhcpOptionsId') === DhcpOptionsId) return
    await cloud.query('ec2', 'AssociateDhcpOptions', { DhcpOptionsId, VpcId })
  })
  for (const role of rolesOf(name)) await tieRole(building, role)
  for (const rule of of(building, 'eventbridge-rule')) await tieRule(building, rule)
}

async function tieRole({ kops, cloud, cluster }: Building, role: string): Promise<void> {
  await runTask(kops, `IAMRolePolicy/${role}`, async () => {
    const named = { PolicyName: role, RoleName: role }
    const PolicyDocument = rolePolicy(cluster, role)
    const there = await askIam(cloud, 'GetRolePolicy', named)
    if (there && decodeURIComponent(read(there, 'PolicyDocument')) === PolicyDocument) return
    await cloud.query('iam', 'PutRolePolicy', { PolicyDocument, ...named })
  })
  await runTask(kops, `IAMRolePolicy/additional.${role}`, async () => {
    await askIam(cloud, 'GetRolePolicy', { PolicyName: `additional.${role}`, RoleName: role })
    await cloud.query('iam', 'ListAttachedRolePolicies', { RoleName: role })
  })
  await runTask(kops, `IAMInstanceProfileRole/${role}`, async () => {
    const names = { InstanceProfileName: role }
    const profile = child(await cloud.query('iam', 'GetInstanceProfile', names), 'InstanceProfile')
    if (profile !== undefined && list(profile, 'Roles', 'member').length > 0) return
    await cloud.query('iam', 'AddRoleToInstanceProfile', { ...names, RoleName: role })
  })
}

async function tieRule(building: Building, rule: Found): Promise<void> {
  const { kops, cloud } = building
  await runTask(kops, `EventBridgeTarget/${rule.name}-Target`, async () => {
    const [there] = await listRules(cloud, rule.name)
    await cloud.json('events', 'ListTagsForResource', { ResourceARN: there?.Arn })
    const { Targets } = await cloud.json<{ Targets: object[] }>('events', 'ListTargetsByRule', {
      Rule: rule.name,
    })
    if (Targets.length > 0) return
    const Arn = queueArn(rule, of(building, 'sqs')[0]?.name ?? '')
    await cloud.json('events', 'PutTargets', { Rule: rule.name, Targets: [{ Arn, Id: '1' }] })
  })
}

// In the account and region of the rule.
const queueArn = ({ attributes }: Found, queue: string) =>
  String(attributes.arn)
    .replace(':events:', ':sqs:')
    .replace(/:rule\/.*$/, `:${queue}`)

/** Rules of the security groups, and the ways out of the subnets. */
export async function tieNetwork(building: Building): Promise<void> {
  const { kops, cloud } = building
  const GatewayId = idOf(building, 'internet-gateway')
  for (const group of of(building, 'security-group')) await tieRules(building, group)
  const RouteTableId = idOf(building, 'route-table')
  for (const [task, field, destination] of routes) {
    await runTask(kops, `Route/${task}`, async () => {
      const answer = await cloud.query('ec2', 'DescribeRouteTables', { 'RouteTableId.1': RouteTableId })
      const [table] = list(answer, 'routeTableSet')
      const there = table === undefined ? [] : list(table, 'routeSet')
      const element = field.charAt(0).toLowerCase() + field.slice(1)
      if (there.some(route => read(route, element) === destination)) return
      await cloud.query('ec2', 'CreateRoute', { [field]: destination, GatewayId, RouteTableId })
    })
  }
  for (const subnet of of(building, 'subnet').filter(({ tags }) => tags.SubnetType !== 'Private')) {
    await runTask(kops, `RouteTableAssociation/${subnet.name}`, async () => {
      const filter = { 'Filter.1.Name': 'association.subnet-id', 'Filter.1.Value.1': subnet.id }
      if ((await describe(cloud, 'route-table', filter)).length > 0) return
      await cloud.query('ec2', 'AssociateRouteTable', { RouteTableId, SubnetId: subnet.id })
    })
  }
}

const routes = [
  ['0.0.0.0/0', 'DestinationCidrBlock', '0.0.0.0/0'],
  ['::/0', 'DestinationIpv6CidrBlock', '::/0'],
] as const

/** What the API's load balancer listens on. */
export async function tieFront(building: Building): Promise<void> {
  const { kops, cloud, cluster } = building
  const [balancer] = of(building, 'load-balancer')
  if (!hasLoadBalancer(cluster) || balancer === undefined) return
  const LoadBalancerArn = arnOf(balancer)
  // Its addresses go into what the machines are configured with.
  const fronts = { 'vpc-id': idOf(building, 'vpc'), 'interface-type': 'network_load_balancer' }
  await describe(cloud, 'network-interface', filters(fronts))
  const elb = (operation: string, parameters: Record<string, string | number>) =>
    cloud.query('elasticloadbalancing', operation, { ...parameters, LoadBalancerArn })
  for (const [prefix, port] of frontPorts) {
    await runTask(kops, `NetworkLoadBalancerListener/${balancer.name}-${port}`, async () => {
      const there = list(await elb('DescribeListeners', {}), 'Listeners', 'member')
      if (there.some(listener => read(listener, 'Port') === String(port))) return
      const name = shortName(prefix, cluster.metadata.name)
      const target = of(building, 'target-group').find(each => each.name === name)
      await elb('CreateListener', {
        'DefaultActions.member.1.TargetGroupArn': target ? arnOf(target) : '',
        'DefaultActions.member.1.Type': 'forward',
        Port: port,
        Protocol: 'TCP',
      })
    })
  }
}

/** What happens before a machine of a group ends, and that none waits warmed up. */
export async function tieGroups(building: Building, groups: readonly InstanceGroup[]): Promise<void> {
  const { kops, cloud, cluster } = building
  for (const { metadata, spec } of groups) {
    const AutoScalingGroupName = groupLabel(metadata.name, spec.role, cluster.metadata.name)
    const hook = `${metadata.name}-NTHLifecycleHook`
    const find = (name: string) =>
      scaling(cloud, 'DescribeLifecycleHooks', {
        AutoScalingGroupName,
        ...members('LifecycleHookNames.member', [name]),
      })
    await runTask(kops, `AutoscalingLifecycleHook/${hook}`, async () => {
      await find('kops-warmpool')
      if (list(await find(hook), 'LifecycleHooks', 'member').length > 0) return
      await scaling(cloud, 'PutLifecycleHook', {
        AutoScalingGroupName,
        DefaultResult: 'CONTINUE',
        HeartbeatTimeout: 300,
        LifecycleHookName: hook,
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      })
    })
    await runTask(kops, `WarmPool/${AutoScalingGroupName}`, async () => {
      await scaling(cloud, 'DescribeWarmPool', { AutoScalingGroupName })
    })
  }
}
