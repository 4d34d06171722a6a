import type { World } from '../../world/index.ts'
import type { AwsError } from '../protocol/aws-error.ts'
import type { AwsAnswer, AwsRequest } from '../protocol/aws-request.ts'
import { readParameters, unknownAction, xmlAnswer } from '../protocol/query.ts'
import type { XmlInput } from '../protocol/xml.ts'
import { type Service, writesByName } from '../service.ts'
import { deleteOne, deletions, terminateInstances } from './deletions.ts'
import { describeResources } from './describe.ts'
import { describeTags } from './describe-tags.ts'
import { descriptions } from './descriptions.ts'
import { describeAvailabilityZones, describeRegions } from './places.ts'

const namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/'

/** The reads of EC2 that people look at a cluster with, and its deletions; only the world's own tools create. */
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
  if (operation === 'DescribeTags') return describeTags(world, request, parameters)
  const deletion = deletions[operation]
  if (deletion) return deleteOne(world, request, deletion, parameters)
  if (operation === 'TerminateInstances') return terminateInstances(world, request, parameters)
  if (operation === 'DescribeRegions') return describeRegions(parameters)
  if (operation === 'DescribeAvailabilityZones') return describeAvailabilityZones(request.region, parameters)
  throw unknownAction(operation)
}

function refuse(error: AwsError): AwsAnswer {
  const Errors = { Error: { Code: error.code, Message: error.message } }
  return xmlAnswer({ Response: { Errors, RequestID: crypto.randomUUID() } }, error.status)
}
