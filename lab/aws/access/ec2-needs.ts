import type { Need } from '@meridian/lab-aws-protocol'
import {
  type AwsRequest,
  listParameter,
  type QueryParameters,
  readParameters,
  tagParameters,
  tagSpecifications,
} from '@meridian/lab-aws-protocol'
import type { ResourceType, World } from '@meridian/lab-world'
import { creations } from '../ec2/creations.ts'
import { deletions } from '../ec2/deletions.ts'
import { type NeedsOf, requestTags, seen } from './need-parts.ts'

/** The parameters that name what an operation is judged by, besides what it makes. */
const named: Record<string, readonly string[]> = {
  CreateNatGateway: ['AllocationId', 'SubnetId'],
  CreateRouteTable: ['VpcId'],
  CreateSecurityGroup: ['VpcId'],
  CreateSubnet: ['VpcId'],
  ModifyVpcAttribute: ['VpcId'],
  ModifySubnetAttribute: ['SubnetId'],
  AssociateVpcCidrBlock: ['VpcId'],
  AssociateDhcpOptions: ['DhcpOptionsId', 'VpcId'],
  AttachInternetGateway: ['InternetGatewayId', 'VpcId'],
  DetachInternetGateway: ['InternetGatewayId', 'VpcId'],
  CreateRoute: ['RouteTableId'],
  ReplaceRoute: ['RouteTableId'],
  AssociateRouteTable: ['RouteTableId', 'SubnetId'],
  AuthorizeSecurityGroupEgress: ['GroupId'],
  AuthorizeSecurityGroupIngress: ['GroupId'],
  RevokeSecurityGroupEgress: ['GroupId'],
  RevokeSecurityGroupIngress: ['GroupId'],
  CreateLaunchTemplateVersion: ['LaunchTemplateId'],
  ModifyLaunchTemplate: ['LaunchTemplateId'],
}

/** What an operation of EC2 needs: on each thing that it makes or names, and to tag what it makes. */
export const ec2Needs: NeedsOf = (world, operation, request) => {
  const parameters = readParameters(request)
  const permission = `ec2:${operation}`
  if (operation.startsWith('Describe')) return [{ permission, resource: '*' }]
  if (operation === 'CreateTags') return tagNeeds(world, request, parameters)
  const specifications = tagSpecifications(parameters)
  const context = requestTags(Object.assign({}, ...specifications.map(({ tags }) => tags)))
  const born = (type: string) => `arn:aws:ec2:${request.region}:${request.account}:${type}/*`
  const made = creations[operation]?.type
  const deleted = deletions[operation]?.parameter
  const names = named[operation] ?? (deleted === undefined ? [] : [deleted])
  const ids = operation === 'TerminateInstances' ? listParameter(parameters, 'InstanceId') : []
  const read = (name: string) => parameters.get(name) ?? templateNamed(world, request, parameters) ?? ''
  const subjects = [...names.map(read), ...ids].map(id => thing(world, request, id))
  const specified = specifications.map(({ type }) => born(type))
  // Tags of the request are a matter of what they are given to, and of nothing else that the request names.
  const receivers = new Set(made ? [born(made), ...specified] : specified)
  return [
    ...[...receivers].map(resource => ({ permission, resource, context })),
    ...subjects.map(each => ({ permission, ...each })),
    ...(receivers.size + subjects.length === 0 ? [{ permission, resource: '*' }] : []),
    ...specified.map(resource => ({
      permission: 'ec2:CreateTags',
      resource,
      context: { ...context, 'ec2:CreateAction': [operation] },
    })),
  ]
}

// A launch template may be named by its name instead.
function templateNamed(
  world: World,
  { account, region }: AwsRequest,
  parameters: QueryParameters,
): string | undefined {
  const name = parameters.get('LaunchTemplateName')
  if (name === null) return undefined
  return world.inventory.list({ type: 'launch-template', account, region, name })[0]?.id
}

function tagNeeds(world: World, request: AwsRequest, parameters: QueryParameters): Need[] {
  const context = requestTags(tagParameters(parameters))
  return listParameter(parameters, 'ResourceId').map(id => ({
    permission: 'ec2:CreateTags',
    ...thing(world, request, id),
    context,
  }))
}

// What is not there is judged by its id alone, before EC2 says that it is not there.
function thing(world: World, { account, region }: AwsRequest, id: string): Pick<Need, 'resource' | 'tags'> {
  // A terminated machine is shown for an hour more, and judged by its tags.
  const ended = world.inventory.departed.find(
    ({ resource }) => resource.type === 'instance' && resource.id === id,
  )
  const found = world.inventory.get(id) ?? ended?.resource
  if (found?.account === account && found.region === region) return seen(found)
  const type = id.startsWith('sgr-') ? 'security-group-rule' : (typeOf(id) ?? '*')
  return { resource: `arn:aws:ec2:${region}:${account}:${type}/${id}` }
}

const prefixes: Record<string, ResourceType> = {
  dopt: 'dhcp-options',
  eipalloc: 'elastic-ip',
  eni: 'network-interface',
  i: 'instance',
  igw: 'internet-gateway',
  lt: 'launch-template',
  nat: 'natgateway',
  rtb: 'route-table',
  sg: 'security-group',
  subnet: 'subnet',
  vol: 'volume',
  vpc: 'vpc',
}
const typeOf = (id: string) => prefixes[id.split('-')[0] ?? '']
