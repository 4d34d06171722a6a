import {
  AwsError,
  type Place,
  type QueryParameters,
  type Tags,
  tagSpecifications,
  type XmlInput,
} from '@meridian/lab-aws-protocol'
import {
  addResource,
  type NewResource,
  type Resource,
  type ResourceType,
  type World,
} from '@meridian/lab-world'
import { descriptions } from './descriptions.ts'
import { find } from './find.ts'
import { readTemplate } from './launch-templates.ts'
import { defaultEgress } from './security-group-rules.ts'

type Birth = { name?: string | undefined; state?: string; attributes?: Record<string, unknown> }

/** An operation that makes one thing: what it reads from the request, and the element and operation that show it. */
export type Creation = {
  type: ResourceType
  element: string
  shownBy: string
  read(parameters: QueryParameters, world: World, place: Place): Birth
}

/** Of one account in one region, unless more are asked for. */
const addressQuota = 5

const inVpc = (parameters: QueryParameters, world: World, place: Place) => ({
  vpcId: find(world, place, 'vpc', parameters.get('VpcId') ?? '').id,
})

/** The operations of EC2 that make one thing. */
export const creations: Record<string, Creation> = {
  CreateVpc: {
    type: 'vpc',
    element: 'vpc',
    shownBy: 'DescribeVpcs',
    read(parameters, world) {
      if (world.faults.active('vpc-quota')) {
        throw new AwsError(400, 'VpcLimitExceeded', 'The maximum number of VPCs has been reached.')
      }
      return { state: 'available', attributes: { cidrBlock: parameters.get('CidrBlock') } }
    },
  },
  CreateDhcpOptions: {
    type: 'dhcp-options',
    element: 'dhcpOptions',
    shownBy: 'DescribeDhcpOptions',
    read: () => ({}),
  },
  CreateInternetGateway: {
    type: 'internet-gateway',
    element: 'internetGateway',
    shownBy: 'DescribeInternetGateways',
    read: () => ({}),
  },
  CreateRouteTable: {
    type: 'route-table',
    element: 'routeTable',
    shownBy: 'DescribeRouteTables',
    read: (parameters, world, place) => ({ attributes: inVpc(parameters, world, place) }),
  },
  AllocateAddress: {
    type: 'elastic-ip',
    element: 'address',
    shownBy: 'DescribeAddresses',
    read(_parameters, world, { account, region }) {
      const others = world.inventory.list({ type: 'elastic-ip', account, region })
      if (others.length >= addressQuota)
        throw new AwsError(400, 'AddressLimitExceeded', 'The maximum number of addresses has been reached.')
      const part = () => Math.floor(world.random() * 254) + 1
      return { attributes: { publicIp: `203.0.${part()}.${part()}` } }
    },
  },
  CreateNatGateway: {
    type: 'natgateway',
    element: 'natGateway',
    shownBy: 'DescribeNatGateways',
    read(parameters, world, place) {
      const subnet = find(world, place, 'subnet', parameters.get('SubnetId') ?? '')
      const address = find(world, place, 'elastic-ip', parameters.get('AllocationId') ?? '')
      const { vpcId } = subnet.attributes
      return { attributes: { vpcId, subnetId: subnet.id, allocationId: address.id } }
    },
  },
  CreateSecurityGroup: {
    type: 'security-group',
    element: 'securityGroup',
    shownBy: 'DescribeSecurityGroups',
    read(parameters, world, place) {
      const attributes = {
        ...inVpc(parameters, world, place),
        description: parameters.get('GroupDescription'),
        rules: defaultEgress(world, find(world, place, 'vpc', parameters.get('VpcId') ?? '')),
      }
      return { name: parameters.get('GroupName') ?? '', attributes }
    },
  },
  CreateSubnet: {
    type: 'subnet',
    element: 'subnet',
    shownBy: 'DescribeSubnets',
    read(parameters, world, place) {
      const [cidrBlock, availabilityZone] = [parameters.get('CidrBlock'), parameters.get('AvailabilityZone')]
      return {
        state: 'available',
        attributes: { ...inVpc(parameters, world, place), cidrBlock, availabilityZone },
      }
    },
  },
  CreateVolume: {
    type: 'volume',
    element: 'volume',
    shownBy: 'DescribeVolumes',
    read: parameters => ({
      state: 'available',
      attributes: {
        size: Number(parameters.get('Size')),
        volumeType: parameters.get('VolumeType'),
        encrypted: parameters.get('Encrypted') === 'true',
        availabilityZone: parameters.get('AvailabilityZone'),
      },
    }),
  },
  CreateLaunchTemplate: {
    type: 'launch-template',
    element: 'launchTemplate',
    shownBy: 'DescribeLaunchTemplates',
    read: parameters => ({
      name: parameters.get('LaunchTemplateName') ?? '',
      attributes: readTemplate(parameters),
    }),
  },
  ImportKeyPair: {
    type: 'key-pair',
    element: 'keyPair',
    shownBy: 'DescribeKeyPairs',
    read: parameters => ({ name: parameters.get('KeyName') ?? '' }),
  },
}

/**
 * Makes one thing, with the tags that the request specifies for its type, and shows it as its creation is answered.
 */
export function createOne(
  world: World,
  place: Place,
  { type, element, shownBy, read }: Creation,
  parameters: QueryParameters,
): XmlInput {
  const { name, ...birth } = read(parameters, world, place)
  const tags: Tags = tagSpecifications(parameters).find(each => each.type === type)?.tags ?? {}
  const label = name ?? tags.Name
  const { account, region } = place
  const given: NewResource = {
    type,
    account,
    region,
    tags,
    ...(label !== undefined && { name: label }),
    ...birth,
  }
  const made = addResource(world, given)
  const shown = descriptions[shownBy]?.item(made, world) as Record<string, XmlInput>
  // Some answers put what they made beside everything else.
  if (element === 'securityGroup') return { groupId: made.id, return: true, ...shown }
  return ['volume', 'keyPair', 'address'].includes(element) ? shown : { [element]: shown }
}

/** Gives tags to things of EC2, rules of security groups among them. */
export function createTags(world: World, place: Place, ids: string[], tags: Tags): XmlInput {
  for (const id of ids) {
    const rule = ruleOf(world, place, id)
    if (rule) Object.assign(rule.tags, tags)
    else world.inventory.tag(find(world, place, undefined, id).id, tags)
  }
  return { return: true }
}

function ruleOf(world: World, place: Place, id: string): { tags: Tags } | undefined {
  const groups: Resource[] = world.inventory.list({ type: 'security-group', ...at(place) })
  const rules = groups.flatMap(({ attributes }) => (attributes.rules ?? []) as { id: string; tags: Tags }[])
  return rules.find(rule => rule.id === id)
}

const at = ({ account, region }: Place) => ({ account, region })
