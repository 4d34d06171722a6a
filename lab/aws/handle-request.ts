import type { IncomingMessage, ServerResponse } from 'node:http'
import { clientOf, type Failure, type World } from '../world/index.ts'
import type { Credentials } from './credentials.ts'
import { isCarriedOut, refusalOf } from './fail-request.ts'
import { AwsError } from './protocol/aws-error.ts'
import { type AwsAnswer, type AwsRequest, readAwsRequest } from './protocol/aws-request.ts'
import { isSigned } from './protocol/credential-scope.ts'
import type { Service } from './service.ts'

/**
 * Serves any AWS request: the service comes from the credential scope, faults of the world strike here, and
 * every request is written into the world's log with its outcome.
 */
export function createHandler(
  world: World,
  credentials: Credentials,
  findService: (request: AwsRequest) => Service,
) {
  return async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readAwsRequest(incoming)
    const service = findService(request)
    const operation = service.operation(request)
    const asked = { client: clientOf(incoming.headers['user-agent']), service: service.name, operation }
    const failure = world.faults.requests.meet(asked)
    const refusal = refusalOf(service.name, failure)
    const outcome = refusal
      ? refused(service, request, refusal)
      : isCarriedOut(failure) && (await carryOut(credentials, service, operation, request))
    world.requests.record({
      ...asked,
      write: service.isWrite(operation),
      ...(outcome && { status: outcome.answer.status ?? 200 }),
      ...(outcome && outcome.error !== undefined && { error: outcome.error }),
      ...(failure && { failure }),
    })
    if (failure?.startsWith('reset')) incoming.socket.resetAndDestroy()
    else if (outcome && failure !== 'hang-after') send(response, outcome.answer, request.method, failure)
  }
}

type Outcome = { answer: AwsAnswer; error?: string }

async function carryOut(
  credentials: Credentials,
  service: Service,
  operation: string,
  request: AwsRequest,
): Promise<Outcome> {
  try {
    if (operation !== 'AssumeRoleWithWebIdentity') authenticate(credentials, request)
    return { answer: await service.answer(request, operation) }
  } catch (error) {
    if (error instanceof AwsError) return refused(service, request, error)
    throw error
  }
}

function refused(service: Service, request: AwsRequest, error: AwsError): Outcome {
  return { answer: service.refuse(error, request), error: error.code }
}

function authenticate(credentials: Credentials, request: AwsRequest): void {
  if (!isSigned(request.headers.authorization, request.query)) {
    throw request.service === 's3' || request.service === undefined
      ? new AwsError(403, 'AccessDenied', 'Access Denied')
      : new AwsError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token')
  }
  credentials.identify(request)
}

function send(response: ServerResponse, answer: AwsAnswer, method: string, failure?: Failure): void {
  const body = Buffer.from(answer.body ?? '')
  response.writeHead(answer.status ?? 200, {
    'x-amzn-requestid': crypto.randomUUID(),
    ...(answer.status === 204 || method === 'HEAD' ? {} : { 'content-length': String(body.length) }),
    ...answer.headers,
  })
  if (failure === 'truncate') response.write(body.subarray(0, body.length / 2), () => response.destroy())
  else response.end(method === 'HEAD' ? undefined : body)
}
