import { type ControlRequest, clientOf, type Failure, type World } from '../../world/index.ts'
import type { Admission, Asked } from '../access/admission.ts'
import { permissionsOf } from '../access/permissions.ts'
import { proxyAnswer, refusalOf } from '../fail-request.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { AwsRequest } from '../protocol/aws-request.ts'
import { readScope } from '../protocol/credential-scope.ts'
import { writesByName } from '../service.ts'

/**
 * Sends the requests that a control request stands for, one after the other. Throws the refusal of the first that
 * fails, with its name as the detail `call`.
 */
export type Caller = (request: ControlRequest, calls: readonly string[], subject: Subject) => Promise<void>

/** What a call is about: its tags where it exists already. */
export type Subject = { arn: string; tags?: Readonly<Record<string, string>> }

export function createCaller(world: World, admit: Admission): Caller {
  return async (request, calls, { arn, tags }) => {
    const client = clientOf(request.headers['user-agent'])
    for (const call of calls) {
      const [service = '', operation = ''] = call.split(':')
      const resource = /^(Describe|List)/.test(operation) ? '*' : arn
      const failure = world.faults.requests.meet({ client, service, operation, resource })
      if (failure?.startsWith('hang')) await new Promise(() => {})
      const permissions = permissionsOf(service, operation)
      const about = { resource, permissions, ...(tags && { tags }) }
      const error = failure
        ? (refusalOf(service, failure) ?? unusable(failure))
        : findRefusal(admit, request, { client, service, operation, ...about })
      const outcome = { status: error?.status ?? 200, ...(error && { error: error.code }) }
      const write = writesByName(operation)
      world.requests.record({
        client,
        service,
        operation,
        resource,
        permissions,
        write,
        ...outcome,
        ...(failure && { failure }),
      })
      if (error) throw new AwsError(error.status, error.code, error.message, { details: { call } })
    }
  }
}

// In the words of the SDK for Go: a page that is no answer of the service is an error whatever its status.
function unusable(failure: Failure): AwsError {
  return proxyAnswer(failure)
    ? new AwsError(400, 'UnknownError', 'deserialization failed, failed to decode response body')
    : new AwsError(503, 'RequestSendFailed', 'connection reset by peer')
}

function findRefusal(admit: Admission, request: ControlRequest, asked: Asked): AwsError | undefined {
  const { headers, query, account } = request
  const pretended: AwsRequest = {
    ...readScope(headers.authorization, query),
    account,
    service: asked.service,
    method: 'POST',
    host: '',
    path: '/',
    query,
    headers,
    body: Buffer.alloc(0),
  }
  try {
    admit(pretended, asked)
    return undefined
  } catch (error) {
    if (error instanceof AwsError) return error
    throw error
  }
}
