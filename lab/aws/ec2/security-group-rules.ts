import {
  AwsError,
  listParameter,
  type Place,
  type QueryParameters,
  type Tags,
  tagSpecifications,
  type XmlInput,
} from '@meridian/lab-aws-protocol'
import { type Resource, randomText, type World } from '@meridian/lab-world'
import { readFilters } from './filters.ts'
import { find } from './find.ts'

/** One rule of a security group, which has an id and tags of its own. */
export type Rule = {
  id: string
  egress: boolean
  protocol: string
  from: string
  to: string
  source: { kind: 'cidr4' | 'cidr6' | 'group'; value: string }
  tags: Tags
}

function rulesOf({ attributes }: Resource): Rule[] {
  return (attributes.rules ?? []) as Rule[]
}

/** What EC2 gives every new group, without any tag: the second where the VPC has a block of IPv6 by then. */
export function defaultEgress(world: World, vpc: Resource): Rule[] {
  const everywhere = (source: Rule['source']): Rule => {
    const all = { egress: true, protocol: '-1', from: '-1', to: '-1', tags: {} }
    return { id: newId(world), ...all, source }
  }
  const four = everywhere({ kind: 'cidr4', value: '0.0.0.0/0' })
  return vpc.attributes.ipv6CidrBlock ? [four, everywhere({ kind: 'cidr6', value: '::/0' })] : [four]
}

/** Adds one rule, in or out, to a security group; refused where the group has it. */
export function authorize(
  world: World,
  place: Place,
  parameters: QueryParameters,
  egress: boolean,
): XmlInput {
  const group = find(world, place, 'security-group', parameters.get('GroupId') ?? '')
  const tags = tagSpecifications(parameters).find(({ type }) => type === 'security-group-rule')?.tags ?? {}
  const rule: Rule = {
    id: newId(world),
    egress,
    protocol: parameters.get('IpPermissions.1.IpProtocol') ?? '',
    from: parameters.get('IpPermissions.1.FromPort') ?? '-1',
    to: parameters.get('IpPermissions.1.ToPort') ?? '-1',
    source: readSource(parameters),
    tags,
  }
  if (rulesOf(group).some(other => sameRule(other, rule))) {
    const message = `the specified rule "peer: ${rule.source.value}" already exists`
    throw new AwsError(400, 'InvalidPermission.Duplicate', message)
  }
  group.attributes.rules = [...rulesOf(group), rule]
  return { return: true, securityGroupRuleSet: { item: [describeRule(group, rule)] } }
}

/** Removes rules by id; those that are not there are passed over. */
export function revoke(world: World, place: Place, parameters: QueryParameters): XmlInput {
  const group = find(world, place, 'security-group', parameters.get('GroupId') ?? '')
  const ids = listParameter(parameters, 'SecurityGroupRuleId')
  group.attributes.rules = rulesOf(group).filter(({ id }) => !ids.includes(id))
  return { return: true }
}

/** The rules of the groups that `group-id` names, of all by default. */
export function describeRules(world: World, place: Place, parameters: QueryParameters): XmlInput {
  const wanted = readFilters(parameters, ['group-id']).flatMap(({ values }) => values)
  const groups = world.inventory
    .list({ type: 'security-group', account: place.account, region: place.region })
    .filter(({ id }) => wanted.length === 0 || wanted.includes(id))
  const item = groups.flatMap(group => rulesOf(group).map(rule => describeRule(group, rule)))
  return { securityGroupRuleSet: { item } }
}

function readSource(parameters: QueryParameters): Rule['source'] {
  const first = 'IpPermissions.1'
  const cidr4 = parameters.get(`${first}.IpRanges.1.CidrIp`)
  if (cidr4 !== null) return { kind: 'cidr4', value: cidr4 }
  const cidr6 = parameters.get(`${first}.Ipv6Ranges.1.CidrIpv6`)
  if (cidr6 !== null) return { kind: 'cidr6', value: cidr6 }
  return { kind: 'group', value: parameters.get(`${first}.Groups.1.GroupId`) ?? '' }
}

function sameRule(a: Rule, b: Rule): boolean {
  return (
    (['egress', 'protocol', 'from', 'to'] as const).every(key => a[key] === b[key]) &&
    a.source.value === b.source.value
  )
}

function describeRule(group: Resource, { id, egress, protocol, from, to, source, tags }: Rule) {
  return {
    securityGroupRuleId: id,
    groupId: group.id,
    isEgress: egress,
    ipProtocol: protocol,
    fromPort: from,
    toPort: to,
    ...(source.kind === 'cidr4' && { cidrIpv4: source.value }),
    ...(source.kind === 'cidr6' && { cidrIpv6: source.value }),
    ...(source.kind === 'group' && { referencedGroupInfo: { groupId: source.value } }),
    tagSet: { item: Object.entries(tags).map(([key, value]) => ({ key, value })) },
  }
}

const newId = (world: World) => `sgr-0${randomText(world.random, 16)}`
