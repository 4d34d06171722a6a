import type { NewResource } from '@meridian/lab-world'
import type { Building } from './building.ts'
import { describe } from './cloud/ec2-kinds.ts'
import { list, read } from './cloud/read-xml.ts'
import { runTask } from './run-task.ts'
import { makerFor } from './wanted-resources.ts'

type Settle = (building: Building, all: readonly NewResource[]) => Promise<void>

/**
 * Lets the machines of a zone out: an address, a NAT gateway in the subnet beside theirs, and a route table that leads there.
 * A gateway of a moment ago is unknown where routes are made: the task is tried again, as every one.
 */
export async function tiePrivateZone(building: Building, zone: string, settle: Settle): Promise<void> {
  const { kops, cloud, cluster, found } = building
  const { name } = cluster.metadata
  const make = makerFor(cluster)
  const idOf = (type: string, label: string) =>
    found.find(each => each.type === type && each.name === `${label}.${name}`)?.id ?? ''
  const routeTableId = idOf('route-table', `private-${zone}`)
  const subnetId = idOf('subnet', `utility-${zone}`)
  await settle(building, [make('elastic-ip', `${zone}.${name}`, { attributes: { routeTableId } })])
  const allocationId = found.findLast(({ type }) => type === 'elastic-ip')?.id
  const place = { routeTableId, subnetId, allocationId }
  await settle(building, [make('natgateway', `${zone}.${name}`, { attributes: place })])
  const NatGatewayId = found.findLast(({ type }) => type === 'natgateway')?.id ?? ''
  const RouteTableId = routeTableId
  await runTask(kops, `Route/private-${zone}-0.0.0.0/0`, async () => {
    const answer = await cloud.query('ec2', 'DescribeRouteTables', { 'RouteTableId.1': RouteTableId })
    const routes = list(answer, 'routeTableSet').flatMap(table => list(table, 'routeSet'))
    const there = routes.find(route => read(route, 'destinationCidrBlock') === everywhere)
    if (there && read(there, 'natGatewayId') === NatGatewayId) return
    const asked = { DestinationCidrBlock: everywhere, NatGatewayId, RouteTableId }
    await cloud.query('ec2', there ? 'ReplaceRoute' : 'CreateRoute', asked)
  })
  await runTask(kops, `RouteTableAssociation/private-${zone}.${name}`, async () => {
    const SubnetId = idOf('subnet', zone)
    const filter = { 'Filter.1.Name': 'association.subnet-id', 'Filter.1.Value.1': SubnetId }
    if ((await describe(cloud, 'route-table', filter)).length > 0) return
    await cloud.query('ec2', 'AssociateRouteTable', { RouteTableId, SubnetId })
  })
}

const everywhere = '0.0.0.0/0'
