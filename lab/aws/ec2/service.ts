import {
  type AwsAnswer,
  type AwsError,
  type AwsRequest,
  listParameter,
  type Place,
  type QueryParameters,
  readParameters,
  type Service,
  tagParameters,
  unknownAction,
  writesByName,
  type XmlInput,
  xmlAnswer,
} from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import { createOne, createTags, creations } from './creations.ts'
import { deleteOne, deletions, terminateInstances } from './deletions.ts'
import { describeResources } from './describe.ts'
import { describeTags } from './describe-tags.ts'
import { descriptions } from './descriptions.ts'
import { createVersion, describeVersions, modifyTemplate } from './launch-templates.ts'
import { describeImages, describeInstanceTypes, describeOfferings } from './machine-kinds.ts'
import { changeOf, describeVpcAttribute } from './network-changes.ts'
import { describeAvailabilityZones, describeRegions } from './places.ts'
import { authorize, describeRules, revoke } from './security-group-rules.ts'

const namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/'

/** EC2, as far as somebody who makes, looks at and removes a cluster asks it. */
export function createEc2(world: World): Service {
  return {
    name: 'ec2',
    operation: request => readParameters(request).get('Action') ?? 'UnknownOperation',
    isWrite: writesByName,
    refuse,
    answer(request, operation) {
      const result = { requestId: crypto.randomUUID(), ...(perform(world, request, operation) as object) }
      return xmlAnswer({ [`${operation}Response`]: { '@xmlns': namespace, ...result } })
    },
  }
}

function perform(world: World, request: AwsRequest, operation: string): XmlInput {
  const parameters = readParameters(request)
  const description = descriptions[operation]
  if (description) return describeResources(world, request, description, parameters)
  const creation = creations[operation]
  if (creation) return createOne(world, request, creation, parameters)
  const deletion = deletions[operation]
  if (deletion) return deleteOne(world, request, deletion, parameters)
  const other = changeOf(operation) ?? others[operation]
  if (other) return other(world, request, parameters)
  throw unknownAction(operation)
}

type Operation = (world: World, place: Place, parameters: QueryParameters) => XmlInput

const others: Record<string, Operation> = {
  AuthorizeSecurityGroupEgress: (...asked) => authorize(...asked, true),
  AuthorizeSecurityGroupIngress: (...asked) => authorize(...asked, false),
  CreateLaunchTemplateVersion: createVersion,
  CreateTags: (world, place, parameters) =>
    createTags(world, place, listParameter(parameters, 'ResourceId'), tagParameters(parameters)),
  DescribeAvailabilityZones: (_, { region }, parameters) => describeAvailabilityZones(region, parameters),
  // None is made by anything that lives here.
  DescribeEgressOnlyInternetGateways: () => ({ egressOnlyInternetGatewaySet: '' }),
  DescribeImages: (world, _, parameters) => describeImages(world, parameters),
  DescribeInstanceTypeOfferings: (_world, { region }, parameters) => describeOfferings(region, parameters),
  DescribeInstanceTypes: (_world, _place, parameters) => describeInstanceTypes(parameters),
  DescribeLaunchTemplateVersions: describeVersions,
  DescribeRegions: (_world, _place, parameters) => describeRegions(parameters),
  DescribeSecurityGroupRules: describeRules,
  DescribeTags: describeTags,
  DescribeVpcAttribute: describeVpcAttribute,
  ModifyLaunchTemplate: modifyTemplate,
  RevokeSecurityGroupEgress: revoke,
  RevokeSecurityGroupIngress: revoke,
  TerminateInstances: terminateInstances,
}

function refuse(error: AwsError): AwsAnswer {
  const Errors = { Error: { Code: error.code, Message: error.message } }
  return xmlAnswer({ Response: { Errors, RequestID: crypto.randomUUID() } }, error.status)
}
