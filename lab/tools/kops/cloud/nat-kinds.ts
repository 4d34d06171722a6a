import type { XmlNode } from '@meridian/lab-aws-protocol'
import { child } from '@meridian/lab-aws-protocol'
import type { ResourceType } from '@meridian/lab-world'
import type { CloudClient } from '../cloud-client.ts'
import { checkTags, describe, tagEc2 } from './ec2-kinds.ts'
import { born, type Kind, text } from './kind.ts'
import { type Found, list, read } from './read-xml.ts'
import { filters, members, tagSpecification } from './write-tags.ts'

/** By this tag a subnet is known for that of a NAT gateway, and a route table for one that uses somebody else's. */
const associated = 'AssociatedNatgateway'

/** As kops looks for them: by the route of the zone's own table, else by the subnet's tag. */
export const natKinds: Partial<Record<ResourceType, Kind>> = {
  'elastic-ip': {
    tag: tagEc2,
    async find(cloud, wanted) {
      const gateway = await gatewayOfTable(cloud, text(wanted, 'routeTableId'))
      const [address] = gateway === undefined ? [] : addressesOf(gateway)
      if (address === undefined) return undefined
      const [found] = await describe(cloud, 'elastic-ip', { 'AllocationId.1': address })
      await cloud.query('ec2', 'DescribeTags', filters({ 'resource-id': address }))
      return found
    },
    async make(cloud, wanted) {
      const tags = tagSpecification('elastic-ip', wanted.tags ?? {})
      const answer = await cloud.query('ec2', 'AllocateAddress', { Domain: 'vpc', ...tags })
      return born(wanted, read(answer, 'allocationId'))
    },
  },
  natgateway: {
    tag: tagEc2,
    async find(cloud, wanted) {
      const node = await gatewayOfTable(cloud, text(wanted, 'routeTableId'))
      if (node) return readGateway(cloud, read(node, 'natGatewayId'))
      const marked = filters({ key: associated, 'resource-id': text(wanted, 'subnetId') ?? '' })
      const [tag] = list(await cloud.query('ec2', 'DescribeTags', marked), 'tagSet')
      return tag === undefined ? undefined : readGateway(cloud, read(tag, 'value'))
    },
    async make(cloud, wanted) {
      const [AllocationId, SubnetId] = [text(wanted, 'allocationId'), text(wanted, 'subnetId') ?? '']
      const tags = tagSpecification('natgateway', wanted.tags ?? {})
      const answer = await cloud.query('ec2', 'CreateNatGateway', { AllocationId, SubnetId, ...tags })
      const made = born(wanted, read(child(answer, 'natGateway'), 'natGatewayId'))
      await checkTags(cloud, made)
      await checkTags(cloud, { ...made, id: SubnetId, tags: { [associated]: made.id } })
      return made
    },
  },
}

async function gatewayOfTable(cloud: CloudClient, table: string | undefined): Promise<XmlNode | undefined> {
  const answer = await cloud.query('ec2', 'DescribeRouteTables', { 'RouteTableId.1': table })
  const routes = list(answer, 'routeTableSet').flatMap(each => list(each, 'routeSet'))
  const via = routes.find(route => read(route, 'natGatewayId') !== '' && read(route, 'state') !== 'blackhole')
  return via === undefined ? undefined : nodeOf(cloud, read(via, 'natGatewayId'))
}

async function nodeOf(cloud: CloudClient, id: string): Promise<XmlNode | undefined> {
  return list(await cloud.query('ec2', 'DescribeNatGateways', { 'NatGatewayId.1': id }), 'natGatewaySet')[0]
}

async function readGateway(cloud: CloudClient, id: string): Promise<Found | undefined> {
  return (await describe(cloud, 'natgateway', { 'NatGatewayId.1': id }))[0]
}

const addressesOf = (gateway: XmlNode) =>
  list(gateway, 'natGatewayAddressSet').map(address => read(address, 'allocationId'))

/** NAT gateways that tags of a cluster's subnets name, but for those that tags of route tables call somebody else's. */
export async function gatewaysOfSubnets(cloud: CloudClient, subnets: readonly Found[]): Promise<Found[]> {
  const named = new Set(subnets.map(({ tags }) => tags[associated]))
  named.delete(undefined)
  if (named.size === 0) return []
  const tables = await describe(cloud, 'route-table', {})
  const shared = new Set(tables.map(({ tags }) => tags[associated]))
  return (await describe(cloud, 'natgateway', {})).filter(({ id }) => named.has(id) && !shared.has(id))
}

/** NAT gateways that a cluster's own route tables lead to, whosever they are, each with its address. */
export async function gatewaysOfRoutes(cloud: CloudClient, tables: readonly Found[]): Promise<Found[]> {
  const own = tables.filter(({ tags }) => tags[associated] === undefined)
  if (tables.length === 0) return []
  const ids = members(
    'RouteTableId',
    tables.map(({ id }) => id),
  )
  const nodes = list(await cloud.query('ec2', 'DescribeRouteTables', ids), 'routeTableSet')
  const ways = nodes
    .filter(node => own.some(({ id }) => id === read(node, 'routeTableId')))
    .flatMap(node => list(node, 'routeSet').map(route => read(route, 'natGatewayId')))
  const found: Found[] = []
  for (const id of new Set(ways.filter(way => way !== ''))) {
    const node = await nodeOf(cloud, id)
    const gateway = await readGateway(cloud, id)
    if (node === undefined || gateway === undefined) continue
    found.push({ ...gateway, name: id })
    for (const address of addressesOf(node)) {
      const addresses = await describe(cloud, 'elastic-ip', { 'AllocationId.1': address })
      found.push(...addresses.map(each => ({ ...each, name: String(each.attributes.publicIp) })))
    }
  }
  return found
}
