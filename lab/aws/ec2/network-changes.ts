import { AwsError, type Place, type QueryParameters, type XmlInput } from '@meridian/lab-aws-protocol'
import {
  findObstacle,
  type Resource,
  type ResourceType,
  textAttribute,
  type World,
} from '@meridian/lab-world'
import { find } from './find.ts'
import { associationOf, type Route, routesOf } from './routes.ts'

/** Finds what a parameter of the request names. */
type Find = (type: ResourceType, parameter: string) => Resource
type Change = (find: Find, parameters: QueryParameters, world: World) => XmlInput | undefined

/** The operations of EC2 that change or connect what is there. */
const changes: Record<string, Change> = {
  ModifyVpcAttribute: (find, parameters) => setFlags(find('vpc', 'VpcId'), parameters),
  ModifySubnetAttribute: (find, parameters) => setFlags(find('subnet', 'SubnetId'), parameters),
  AssociateVpcCidrBlock(find, parameters) {
    const vpc = find('vpc', 'VpcId')
    const amazon = parameters.get('AmazonProvidedIpv6CidrBlock') === 'true'
    if (amazon) vpc.attributes.ipv6CidrBlock = `2600:1f18:${vpc.id.slice(-4)}:${vpc.id.slice(-8, -6)}00::/56`
    return { vpcId: vpc.id }
  },
  AssociateDhcpOptions(find) {
    find('vpc', 'VpcId').attributes.dhcpOptionsId = find('dhcp-options', 'DhcpOptionsId').id
  },
  AttachInternetGateway(find) {
    const [gateway, vpc] = [find('internet-gateway', 'InternetGatewayId'), find('vpc', 'VpcId')]
    if (textAttribute(gateway, 'vpcId') !== undefined) {
      throw new AwsError(400, 'Resource.AlreadyAssociated', `resource ${gateway.id} is already attached`)
    }
    gateway.attributes.vpcId = vpc.id
  },
  DetachInternetGateway(find, _parameters, world) {
    const [gateway, vpc] = [find('internet-gateway', 'InternetGatewayId'), find('vpc', 'VpcId')]
    if (textAttribute(gateway, 'vpcId') !== vpc.id) {
      const message = `resource ${gateway.id} is not attached to network ${vpc.id}`
      throw new AwsError(400, 'Gateway.NotAttached', message)
    }
    const obstacle = findObstacle(gateway, world.inventory.list())
    if (obstacle) throw new AwsError(400, obstacle.code, obstacle.message)
    delete gateway.attributes.vpcId
  },
  CreateRoute(find, parameters, world) {
    const table = find('route-table', 'RouteTableId')
    const route = readRoute(parameters)
    refuseNewGateway(world, route)
    if (routesOf(table).some(({ to }) => to === route.to)) {
      throw new AwsError(400, 'RouteAlreadyExists', `The route identified by ${route.to} already exists.`)
    }
    table.attributes.routes = [...routesOf(table), route]
  },
  ReplaceRoute(find, parameters, world) {
    const table = find('route-table', 'RouteTableId')
    const route = readRoute(parameters)
    refuseNewGateway(world, route)
    table.attributes.routes = [...routesOf(table).filter(({ to }) => to !== route.to), route]
  },
  AssociateRouteTable(find) {
    const [table, subnet] = [find('route-table', 'RouteTableId'), find('subnet', 'SubnetId')]
    subnet.attributes.routeTableId = table.id
    return { associationId: associationOf(subnet) }
  },
}

/** An operation that changes or connects what is there; undefined for one that is none of these. */
export function changeOf(operation: string) {
  const change = changes[operation]
  if (!change) return undefined
  return (world: World, place: Place, parameters: QueryParameters): XmlInput => {
    const named: Find = (type, parameter) => find(world, place, type, parameters.get(parameter) ?? '')
    return { return: true, ...((change(named, parameters, world) ?? {}) as object) }
  }
}

// `EnableDnsSupport.Value=true`, and a few without `.Value`.
function setFlags(resource: Resource, parameters: QueryParameters): undefined {
  for (const [name, value] of parameters) {
    if (['Action', 'Version', 'VpcId', 'SubnetId'].includes(name)) continue
    const key = name.replace(/\.Value$/, '')
    resource.attributes[key.charAt(0).toLowerCase() + key.slice(1)] = value
  }
}

const natGatewayUnknownSeconds = 15

/** A NAT gateway of a moment ago is not known where routes are made. */
function refuseNewGateway({ inventory, clock }: World, { via }: Route): void {
  if (!via.startsWith('nat-')) return
  const gateway = inventory.get(via)
  const age = gateway === undefined ? 0 : ((clock.now() - gateway.bornAt) * clock.scale) / 1000
  if (age < natGatewayUnknownSeconds)
    throw new AwsError(400, 'InvalidNatGatewayID.NotFound', `The natGateway ID '${via}' does not exist`)
}

function readRoute(parameters: QueryParameters): Route {
  const to = parameters.get('DestinationCidrBlock') ?? parameters.get('DestinationIpv6CidrBlock') ?? ''
  return { to, via: parameters.get('GatewayId') ?? parameters.get('NatGatewayId') ?? '' }
}

/** One attribute of a VPC. */
export function describeVpcAttribute(world: World, place: Place, parameters: QueryParameters): XmlInput {
  const vpc = find(world, place, 'vpc', parameters.get('VpcId') ?? '')
  const name = parameters.get('Attribute') ?? ''
  const value = vpc.attributes[name] ?? (name === 'enableDnsSupport' ? 'true' : 'false')
  return { vpcId: vpc.id, [name]: { value: String(value) } }
}
