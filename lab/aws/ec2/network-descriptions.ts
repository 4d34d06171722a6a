import { type Resource, textAttribute, type World } from '@meridian/lab-world'
import { type Description, writeTagSet } from './describe.ts'
import { associationOf, type Route, routesOf } from './routes.ts'

const attribute = (key: string) => (resource: Resource) => textAttribute(resource, key)
const id = (resource: Resource) => resource.id

const vpcs: Description = {
  type: 'vpc',
  set: 'vpcSet',
  idParameter: 'VpcId',
  notFound: 'InvalidVpcID.NotFound',
  filters: { 'vpc-id': id, cidr: attribute('cidrBlock'), state: () => 'available' },
  item: resource => ({
    vpcId: resource.id,
    ownerId: resource.account,
    state: 'available',
    cidrBlock: textAttribute(resource, 'cidrBlock') ?? '172.20.0.0/16',
    dhcpOptionsId: textAttribute(resource, 'dhcpOptionsId') ?? 'default',
    ipv6CidrBlockAssociationSet: { item: amazonBlock(resource) },
    isDefault: false,
    tagSet: writeTagSet(resource),
  }),
}

function amazonBlock(vpc: Resource) {
  const ipv6CidrBlock = textAttribute(vpc, 'ipv6CidrBlock')
  if (ipv6CidrBlock === undefined) return []
  return [{ ipv6CidrBlock, ipv6Pool: 'Amazon', ipv6CidrBlockState: { state: 'associated' } }]
}

const subnets: Description = {
  type: 'subnet',
  set: 'subnetSet',
  idParameter: 'SubnetId',
  notFound: 'InvalidSubnetID.NotFound',
  filters: { 'subnet-id': id, 'availability-zone': attribute('availabilityZone'), state: () => 'available' },
  item: resource => ({
    subnetId: resource.id,
    ownerId: resource.account,
    state: 'available',
    vpcId: textAttribute(resource, 'vpcId'),
    cidrBlock: textAttribute(resource, 'cidrBlock'),
    availabilityZone: textAttribute(resource, 'availabilityZone'),
    tagSet: writeTagSet(resource),
  }),
}

const routeTables: Description = {
  type: 'route-table',
  set: 'routeTableSet',
  idParameter: 'RouteTableId',
  notFound: 'InvalidRouteTableID.NotFound',
  filters: {
    'route-table-id': id,
    'association.subnet-id': (resource, world) => subnetsOf(resource, world).map(id),
  },
  item: (resource, world) => ({
    routeTableId: resource.id,
    ownerId: resource.account,
    vpcId: textAttribute(resource, 'vpcId'),
    routeSet: { item: routesOf(resource).map(route => describeRoute(route, world)) },
    associationSet: {
      item: subnetsOf(resource, world).map(subnet => ({
        routeTableAssociationId: associationOf(subnet),
        routeTableId: resource.id,
        subnetId: subnet.id,
      })),
    },
    tagSet: writeTagSet(resource),
  }),
}

const subnetsOf = ({ id: routeTableId }: Resource, { inventory }: World) =>
  inventory.list({ type: 'subnet', attributes: { routeTableId } })

function describeRoute({ to, via }: Route, { inventory }: World) {
  const place = to.includes(':') ? { destinationIpv6CidrBlock: to } : { destinationCidrBlock: to }
  if (!via.startsWith('nat-')) return { ...place, gatewayId: via, state: 'active' }
  return { ...place, natGatewayId: via, state: inventory.get(via) ? 'active' : 'blackhole' }
}

const natGateways: Description = {
  type: 'natgateway',
  set: 'natGatewaySet',
  idParameter: 'NatGatewayId',
  notFound: 'NatGatewayNotFound',
  filters: { 'nat-gateway-id': id, 'subnet-id': attribute('subnetId'), state: ({ state }) => state },
  item: resource => ({
    natGatewayId: resource.id,
    subnetId: textAttribute(resource, 'subnetId'),
    vpcId: textAttribute(resource, 'vpcId'),
    state: resource.state,
    natGatewayAddressSet: { item: [{ allocationId: textAttribute(resource, 'allocationId') }] },
    tagSet: writeTagSet(resource),
  }),
}

const internetGateways: Description = {
  type: 'internet-gateway',
  set: 'internetGatewaySet',
  idParameter: 'InternetGatewayId',
  notFound: 'InvalidInternetGatewayID.NotFound',
  filters: { 'internet-gateway-id': id, 'attachment.vpc-id': attribute('vpcId') },
  item: resource => {
    const vpcId = textAttribute(resource, 'vpcId')
    return {
      internetGatewayId: resource.id,
      ownerId: resource.account,
      attachmentSet: { item: vpcId === undefined ? [] : [{ vpcId, state: 'available' }] },
      tagSet: writeTagSet(resource),
    }
  },
}

const dhcpOptions: Description = {
  type: 'dhcp-options',
  set: 'dhcpOptionsSet',
  idParameter: 'DhcpOptionsId',
  notFound: 'InvalidDhcpOptionsID.NotFound',
  filters: { 'dhcp-options-id': id },
  item: resource => ({
    dhcpOptionsId: resource.id,
    ownerId: resource.account,
    tagSet: writeTagSet(resource),
  }),
}

const securityGroups: Description = {
  type: 'security-group',
  set: 'securityGroupInfo',
  idParameter: 'GroupId',
  notFound: 'InvalidGroup.NotFound',
  filters: { 'group-id': id, 'group-name': resource => resource.name ?? resource.id },
  item: resource => ({
    ownerId: resource.account,
    groupId: resource.id,
    groupName: resource.name ?? resource.id,
    groupDescription: textAttribute(resource, 'description') ?? resource.name ?? resource.id,
    vpcId: textAttribute(resource, 'vpcId'),
    tagSet: writeTagSet(resource),
  }),
}

/** The Describe operations of the network. */
export const networkDescriptions: Record<string, Description> = {
  DescribeVpcs: vpcs,
  DescribeSubnets: subnets,
  DescribeRouteTables: routeTables,
  DescribeInternetGateways: internetGateways,
  DescribeDhcpOptions: dhcpOptions,
  DescribeNatGateways: natGateways,
  DescribeSecurityGroups: securityGroups,
}
