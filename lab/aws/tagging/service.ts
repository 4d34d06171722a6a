import type { World } from '../../world/index.ts'
import { AwsError } from '../protocol/aws-error.ts'
import { type AwsAnswer, type AwsRequest, header } from '../protocol/aws-request.ts'
import { type Service, writesByName } from '../service.ts'
import { getResources } from './get-resources.ts'

/** The Resource Groups Tagging API, AWS JSON 1.1. */
export function createTagging(world: World): Service {
  return {
    name: 'tagging',
    operation: request => header(request, 'x-amz-target')?.split('.')[1] ?? 'UnknownOperation',
    isWrite: writesByName,
    refuse: error => jsonAnswer({ __type: error.code, message: error.message }, error.status),
    answer(request, operation) {
      if (operation === 'GetResources')
        return jsonAnswer(getResources(world, request.region, readBody(request)))
      throw new AwsError(400, 'UnknownOperationException', `${operation} is not supported`)
    },
  }
}

function readBody(request: AwsRequest): Record<string, unknown> {
  try {
    return JSON.parse(request.body.toString('utf8') || '{}') as Record<string, unknown>
  } catch {
    throw new AwsError(400, 'SerializationException', 'the body is not JSON')
  }
}

function jsonAnswer(body: object, status = 200): AwsAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) }
}
