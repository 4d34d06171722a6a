import {
  type AwsAnswer,
  AwsError,
  type AwsRequest,
  header,
  type Service,
  writesByName,
} from '@meridian/lab-aws-protocol'

export type JsonBody = Record<string, unknown>
export type JsonOperation = (body: JsonBody, request: AwsRequest) => object

/** A service of AWS's JSON protocol: the operation stands in a header, parameters and answers are objects. */
export function createJsonService(
  name: string,
  version: '1.0' | '1.1',
  operations: Record<string, JsonOperation>,
): Service {
  const write = (body: object, status = 200): AwsAnswer => ({
    status,
    headers: { 'content-type': `application/x-amz-json-${version}` },
    body: JSON.stringify(body),
  })
  return {
    name,
    operation: request => header(request, 'x-amz-target')?.split('.')[1] ?? 'UnknownOperation',
    isWrite: writesByName,
    refuse: error => write({ __type: error.code, message: error.message, ...error.details }, error.status),
    answer(request, operation) {
      const perform = operations[operation]
      if (!perform) throw new AwsError(400, 'UnknownOperationException', `${operation} is not supported`)
      return write(perform(readBody(request), request))
    },
  }
}

/** Throws what these protocols say of a body that is none. */
export function readBody(request: AwsRequest): JsonBody {
  try {
    return JSON.parse(request.body.toString('utf8') || '{}') as JsonBody
  } catch {
    throw new AwsError(400, 'SerializationException', 'the body is not JSON')
  }
}
