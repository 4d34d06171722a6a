import { type Aws, filterParameters, itemsOf, queryEc2, textOf } from '@meridian/aws'

type Kind = readonly [action: string, set: string, id: string, filter: string]

/** How EC2 is asked for each type of resource, by the type's name in tags. */
const kinds: Readonly<Record<string, Kind>> = {
  'dhcp-options': ['DescribeDhcpOptions', 'dhcpOptionsSet', 'dhcpOptionsId', 'dhcp-options-id'],
  'elastic-ip': ['DescribeAddresses', 'addressesSet', 'allocationId', 'allocation-id'],
  instance: ['DescribeInstances', 'reservationSet', 'instanceId', 'instance-id'],
  'internet-gateway': [
    'DescribeInternetGateways',
    'internetGatewaySet',
    'internetGatewayId',
    'internet-gateway-id',
  ],
  natgateway: ['DescribeNatGateways', 'natGatewaySet', 'natGatewayId', 'nat-gateway-id'],
  'network-interface': [
    'DescribeNetworkInterfaces',
    'networkInterfaceSet',
    'networkInterfaceId',
    'network-interface-id',
  ],
  'route-table': ['DescribeRouteTables', 'routeTableSet', 'routeTableId', 'route-table-id'],
  'security-group': ['DescribeSecurityGroups', 'securityGroupInfo', 'groupId', 'group-id'],
  subnet: ['DescribeSubnets', 'subnetSet', 'subnetId', 'subnet-id'],
  volume: ['DescribeVolumes', 'volumeSet', 'volumeId', 'volume-id'],
  vpc: ['DescribeVpcs', 'vpcSet', 'vpcId', 'vpc-id'],
}
/** Deleted ones are shown for about an hour. */
const ended = new Set(['deleting', 'deleted'])

/** Those of some EC2 resources of one type that exist: tags may outlive what they were on. Other types are believed. */
export async function existingEc2(
  aws: Aws,
  region: string,
  type: string,
  ids: readonly string[],
): Promise<string[]> {
  if (type === 'launch-template') return existingTemplates(aws, region, ids)
  const kind = kinds[type]
  if (kind === undefined || ids.length === 0) return [...ids]
  const [action, set, id, filter] = kind
  const pages = await queryEc2(aws, region, action, filterParameters({ [filter]: ids }))
  const items = pages.flatMap(page => itemsOf(page[set]))
  const found = type === 'instance' ? items.flatMap(({ instancesSet }) => itemsOf(instancesSet)) : items
  return found.filter(item => !ended.has(textOf(item, 'state'))).map(item => textOf(item, id))
}

/** Launch templates have no filter for their id, and one id too many would be an error. */
async function existingTemplates(aws: Aws, region: string, ids: readonly string[]): Promise<string[]> {
  const pages = await queryEc2(aws, region, 'DescribeLaunchTemplates', filterParameters({ 'tag-key': ['*'] }))
  const all = pages
    .flatMap(page => itemsOf(page.launchTemplates))
    .map(template => textOf(template, 'launchTemplateId'))
  return ids.filter(id => all.includes(id))
}
