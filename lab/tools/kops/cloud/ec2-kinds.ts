import { child, textOf, type XmlNode } from '@meridian/lab-aws-protocol'
import type { NewResource, ResourceType } from '@meridian/lab-world'
import { ToolError } from '../../terminal.ts'
import type { CloudClient, Parameters } from '../cloud-client.ts'
import { born, type Kind, nameOf, text } from './kind.ts'
import { type Found, list, read, readTags } from './read-xml.ts'
import { filters, numbered, tagSpecification } from './write-tags.ts'

/** How EC2 shows one type: the operation, the list, the id's element, and attributes by element. */
type Shown = { operation: string; set: string; id: string; attributes?: Record<string, string> }

const shown = {
  vpc: { operation: 'DescribeVpcs', set: 'vpcSet', id: 'vpcId' },
  'dhcp-options': { operation: 'DescribeDhcpOptions', set: 'dhcpOptionsSet', id: 'dhcpOptionsId' },
  'internet-gateway': {
    operation: 'DescribeInternetGateways',
    set: 'internetGatewaySet',
    id: 'internetGatewayId',
  },
  'route-table': { operation: 'DescribeRouteTables', set: 'routeTableSet', id: 'routeTableId' },
  'security-group': {
    operation: 'DescribeSecurityGroups',
    set: 'securityGroupInfo',
    id: 'groupId',
    attributes: { vpcId: 'vpcId' },
  },
  subnet: { operation: 'DescribeSubnets', set: 'subnetSet', id: 'subnetId', attributes: { vpcId: 'vpcId' } },
  volume: { operation: 'DescribeVolumes', set: 'volumeSet', id: 'volumeId' },
  'key-pair': { operation: 'DescribeKeyPairs', set: 'keySet', id: 'keyPairId' },
  'elastic-ip': {
    operation: 'DescribeAddresses',
    set: 'addressesSet',
    id: 'allocationId',
    attributes: { publicIp: 'publicIp' },
  },
  natgateway: {
    operation: 'DescribeNatGateways',
    set: 'natGatewaySet',
    id: 'natGatewayId',
    attributes: { state: 'state' },
  },
  'network-interface': {
    operation: 'DescribeNetworkInterfaces',
    set: 'networkInterfaceSet',
    id: 'networkInterfaceId',
  },
  'launch-template': {
    operation: 'DescribeLaunchTemplates',
    set: 'launchTemplates',
    id: 'launchTemplateId',
    attributes: { latestVersion: 'latestVersionNumber' },
  },
} as const satisfies Partial<Record<ResourceType, Shown>>

export type Ec2Type = keyof typeof shown

/** The things of a type that EC2 shows for some filters or ids. */
export async function describe(cloud: CloudClient, type: Ec2Type, parameters: Parameters): Promise<Found[]> {
  const { operation, set }: Shown = shown[type]
  return list(await cloud.query('ec2', operation, parameters), set).map(node => readThing(type, node))
}

function readThing(type: Ec2Type, node: XmlNode): Found {
  const { id, attributes = {} }: Shown = shown[type]
  const tags = readTags(node)
  const named = ['launchTemplateName', 'groupName', 'keyName']
    .map(element => textOf(node, element))
    .find(Boolean)
  const values = Object.entries(attributes).map(([key, element]) => [key, textOf(node, element)])
  return {
    type,
    id: read(node, id),
    name: named ?? tags.Name ?? '',
    tags,
    attributes: Object.fromEntries(values),
  }
}

const byName = (name: string, cluster: string) => ({ 'tag:Name': name, 'tag:KubernetesCluster': cluster })

/** Sets tags of a resource of EC2; others stay. */
export async function tagEc2(cloud: CloudClient, { id }: Found, tags: Record<string, string>): Promise<void> {
  await cloud.query('ec2', 'CreateTags', { 'ResourceId.1': id, ...numbered('Tag', tags) })
}

/** kops looks whether what it has just made has its tags, and adds what is missing. */
export async function checkTags(cloud: CloudClient, made: Found): Promise<void> {
  const answer = await cloud.query('ec2', 'DescribeTags', filters({ 'resource-id': made.id }))
  const has = Object.fromEntries(list(answer, 'tagSet').map(tag => [read(tag, 'key'), read(tag, 'value')]))
  const lacking = Object.entries(made.tags).filter(([key, value]) => has[key] !== value)
  if (lacking.length > 0) await tagEc2(cloud, made, Object.fromEntries(lacking))
}

type Making = {
  operation: string
  /** The element of the answer that has the id; the answer itself has it by default. */
  element?: string
  filter?(wanted: NewResource): Record<string, string>
  parameters(wanted: NewResource): Parameters
  /** What follows at once. */
  afterwards?(cloud: CloudClient, made: Found): Promise<void>
}

function ec2Kind(type: Ec2Type, making: Making): Kind {
  const { id: idElement } = shown[type]
  return {
    tag: tagEc2,
    async find(cloud, wanted, cluster) {
      const more = making.filter?.(wanted) ?? {}
      const found = await describe(cloud, type, filters({ ...byName(nameOf(wanted), cluster), ...more }))
      return found[0]
    },
    async make(cloud, wanted) {
      const tags = tagSpecification(type, wanted.tags ?? {})
      const answer = await cloud.query('ec2', making.operation, { ...making.parameters(wanted), ...tags })
      const shown = making.element === undefined ? answer : child(answer, making.element)
      const made = born(wanted, read(shown, idElement))
      await making.afterwards?.(cloud, made)
      await checkTags(cloud, made)
      return made
    },
  }
}

const setVpc = async (cloud: CloudClient, { id }: Found) => {
  for (const flag of ['EnableDnsSupport', 'EnableDnsHostnames']) {
    await cloud.query('ec2', 'ModifyVpcAttribute', { VpcId: id, [`${flag}.Value`]: true })
  }
}

const setSubnet = async (cloud: CloudClient, { id }: Found) => {
  const settings = [
    { 'AssignIpv6AddressOnCreation.Value': false },
    { PrivateDnsHostnameTypeOnLaunch: 'resource-name' },
    { 'EnableResourceNameDnsARecordOnLaunch.Value': true },
  ]
  for (const setting of settings)
    await cloud.query('ec2', 'ModifySubnetAttribute', { SubnetId: id, ...setting })
}

const regionalName = (region: string) =>
  region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`

const attach = async (cloud: CloudClient, { id, attributes }: Found) => {
  const VpcId = String(attributes.vpcId)
  await cloud.query('ec2', 'AttachInternetGateway', { InternetGatewayId: id, VpcId })
}

const gateway = ec2Kind('internet-gateway', {
  operation: 'CreateInternetGateway',
  element: 'internetGateway',
  parameters: () => ({}),
  afterwards: attach,
})

const vpc = ec2Kind('vpc', {
  operation: 'CreateVpc',
  element: 'vpc',
  parameters: wanted => ({ CidrBlock: text(wanted, 'cidrBlock') }),
  afterwards: setVpc,
})

/** The things of EC2 that kops makes. */
export const ec2Kinds: Partial<Record<ResourceType, Kind>> = {
  vpc: {
    ...vpc,
    async find(cloud, wanted, cluster) {
      const found = await vpc.find(cloud, wanted, cluster)
      for (const Attribute of found ? ['enableDnsSupport', 'enableDnsHostnames'] : []) {
        await cloud.query('ec2', 'DescribeVpcAttribute', { VpcId: found?.id, Attribute })
      }
      return found
    },
  },
  'dhcp-options': ec2Kind('dhcp-options', {
    operation: 'CreateDhcpOptions',
    element: 'dhcpOptions',
    parameters: ({ region }) => ({
      'DhcpConfiguration.1.Key': 'domain-name-servers',
      'DhcpConfiguration.1.Value.1': 'AmazonProvidedDNS',
      'DhcpConfiguration.2.Key': 'domain-name',
      'DhcpConfiguration.2.Value.1': regionalName(region),
    }),
  }),
  'internet-gateway': {
    ...gateway,
    async mend(cloud, found, wanted) {
      const vpcId = text(wanted, 'vpcId')
      const attached = filters({ 'attachment.vpc-id': vpcId ?? '' })
      const there = await describe(cloud, 'internet-gateway', attached)
      if (there.every(({ id }) => id !== found.id)) await attach(cloud, { ...found, attributes: { vpcId } })
    },
  },
  'route-table': ec2Kind('route-table', {
    operation: 'CreateRouteTable',
    element: 'routeTable',
    parameters: wanted => ({ VpcId: text(wanted, 'vpcId') }),
  }),
  'security-group': ec2Kind('security-group', {
    operation: 'CreateSecurityGroup',
    filter: wanted => ({ 'vpc-id': text(wanted, 'vpcId') ?? '', 'group-name': nameOf(wanted) }),
    parameters: wanted => ({
      GroupName: nameOf(wanted),
      GroupDescription: text(wanted, 'description'),
      VpcId: text(wanted, 'vpcId'),
    }),
  }),
  subnet: ec2Kind('subnet', {
    operation: 'CreateSubnet',
    element: 'subnet',
    parameters: wanted => ({
      VpcId: text(wanted, 'vpcId'),
      CidrBlock: text(wanted, 'cidrBlock'),
      AvailabilityZone: text(wanted, 'availabilityZone'),
    }),
    afterwards: setSubnet,
  }),
  'key-pair': ec2Kind('key-pair', {
    operation: 'ImportKeyPair',
    parameters: wanted => ({
      KeyName: nameOf(wanted),
      PublicKeyMaterial: Buffer.from(text(wanted, 'publicKey') ?? '').toString('base64'),
    }),
  }),
  volume: ec2Kind('volume', {
    operation: 'CreateVolume',
    parameters: wanted => ({
      AvailabilityZone: text(wanted, 'availabilityZone'),
      Encrypted: true,
      Size: text(wanted, 'size'),
      VolumeType: text(wanted, 'volumeType'),
    }),
  }),
}

/** The id of an image that is given by its id, or as `<owner>/<name>`. Throws kops' words where there is none. */
export async function findImage(cloud: CloudClient, image: string): Promise<string> {
  const [, owner, name] = /^(\d{12})\/(.*)$/s.exec(image) ?? []
  const wanted =
    owner === undefined ? { 'ImageId.1': image } : { 'Owner.1': owner, ...filters({ name: name ?? '' }) }
  const [found] = list(await cloud.query('ec2', 'DescribeImages', wanted), 'imagesSet')
  if (found) return read(found, 'imageId')
  throw new ToolError(`could not find Image for ${JSON.stringify(image)}`)
}
