import {
  AwsError,
  listParameter,
  type Place,
  type QueryParameters,
  type XmlInput,
} from '@meridian/lab-aws-protocol'
import { type Deletion, deleteResource, type ResourceType, type World } from '@meridian/lab-world'
import { isAt } from './describe.ts'

type Kind = { type: ResourceType; parameter: string; notFound: string }

/** The operations of EC2 that delete one thing. */
export const deletions: Record<string, Kind> = {
  DeleteDhcpOptions: { type: 'dhcp-options', parameter: 'DhcpOptionsId', notFound: 'InvalidDhcpOptionsID' },
  DeleteInternetGateway: {
    type: 'internet-gateway',
    parameter: 'InternetGatewayId',
    notFound: 'InvalidInternetGatewayID',
  },
  DeleteKeyPair: { type: 'key-pair', parameter: 'KeyPairId', notFound: 'InvalidKeyPair' },
  DeleteLaunchTemplate: {
    type: 'launch-template',
    parameter: 'LaunchTemplateId',
    notFound: 'InvalidLaunchTemplateId',
  },
  DeleteNatGateway: { type: 'natgateway', parameter: 'NatGatewayId', notFound: 'NatGateway' },
  DeleteNetworkInterface: {
    type: 'network-interface',
    parameter: 'NetworkInterfaceId',
    notFound: 'InvalidNetworkInterfaceID',
  },
  DeleteRouteTable: { type: 'route-table', parameter: 'RouteTableId', notFound: 'InvalidRouteTableID' },
  DeleteSecurityGroup: { type: 'security-group', parameter: 'GroupId', notFound: 'InvalidGroup' },
  DeleteSubnet: { type: 'subnet', parameter: 'SubnetId', notFound: 'InvalidSubnetID' },
  DeleteVolume: { type: 'volume', parameter: 'VolumeId', notFound: 'InvalidVolume' },
  DeleteVpc: { type: 'vpc', parameter: 'VpcId', notFound: 'InvalidVpcID' },
  ReleaseAddress: { type: 'elastic-ip', parameter: 'AllocationId', notFound: 'InvalidAllocationID' },
}

/**
 * Deletes one thing; refused where it is not there (`….NotFound`) or others depend on it (DependencyViolation).
 */
export function deleteOne(world: World, place: Place, kind: Kind, parameters: QueryParameters): XmlInput {
  const id = parameters.get(kind.parameter) ?? ''
  removeOwn(world, place, kind, id)
  return { return: true }
}

/** Terminates instances, which it tells as shutting down. */
export function terminateInstances(world: World, place: Place, parameters: QueryParameters): XmlInput {
  const kind: Kind = { type: 'instance', parameter: 'InstanceId', notFound: 'InvalidInstanceID' }
  const ids = listParameter(parameters, 'InstanceId')
  for (const id of ids) removeOwn(world, place, kind, id)
  const currentState = { code: 32, name: 'shutting-down' }
  return { instancesSet: { item: ids.map(instanceId => ({ instanceId, currentState })) } }
}

/** The code for what is not there: all but NAT gateways' has a dot. */
export const notFoundCode = (kind: string) =>
  kind === 'NatGateway' ? 'NatGatewayNotFound' : `${kind}.NotFound`

function removeOwn(world: World, place: Place, { type, notFound }: Kind, id: string): Deletion {
  const resource = world.inventory.get(id)
  if (resource?.type !== type || !isAt(resource, place)) {
    throw new AwsError(400, notFoundCode(notFound), `The ${type} ID '${id}' does not exist`)
  }
  const deletion = deleteResource(world, id)
  if (deletion.outcome === 'blocked') throw new AwsError(400, deletion.code, deletion.message)
  return deletion
}
