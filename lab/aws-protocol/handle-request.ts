import type { IncomingMessage, ServerResponse } from 'node:http'
import { clientOf, type Failure, type World } from '@meridian/lab-world'
import { AwsError } from './aws-error.ts'
import { type AwsAnswer, type AwsRequest, readAwsRequest } from './aws-request.ts'
import { isCarriedOut, proxyAnswer, refusalOf } from './fail-request.ts'
import type { Need } from './need.ts'
import type { Service } from './service.ts'

/** What a request asks of which service, and of which resource, as policies name it. */
export type Asked = {
  /** Client, service and operation as in the request log. */
  client: string
  service: string
  operation: string
  /** What it needs, its own permission first. */
  needs: readonly Need[]
}

/** Lets a request in, or throws the words in which its service turns it away: unsigned, unknown, late, forbidden. */
export type Admission = (request: AwsRequest, asked: Asked) => void

export type Handling = {
  admit: Admission
  findService(request: AwsRequest): Service
  /** What a request needs, its own permission first; nothing by default. */
  needsOf?(service: string, operation: string, request: AwsRequest): readonly Need[]
  /** The key of the object that a request is about, by which faults may choose it. */
  keyOf?(service: string, request: AwsRequest): string | undefined
}

/**
 * Serves any AWS request: the service comes from the credential scope, faults of the world strike here, and
 * every request is written into the world's log with its outcome.
 */
export function createHandler(world: World, { admit, findService, needsOf, keyOf }: Handling) {
  return async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readAwsRequest(incoming, world.accounts)
    const service = findService(request)
    const operation = service.operation(request)
    const asked = { client: clientOf(incoming.headers['user-agent']), service: service.name, operation }
    const needs = [
      ...(needsOf?.(service.name, operation, request) ?? []),
      ...(service.needs?.(request, operation) ?? []),
    ]
    const resource = needs[0]?.resource ?? '*'
    const key = keyOf?.(service.name, request)
    const failure = world.faults.requests.meet({ ...asked, resource, ...(key !== undefined && { key }) })
    const outcome =
      failed(service, request, failure) ??
      (isCarriedOut(failure) && (await carryOut(admit, service, { ...asked, needs }, request)))
    world.requests.record({
      ...asked,
      resource,
      permissions: needs.map(({ permission }) => permission),
      write: service.isWrite(operation),
      ...(outcome && { status: outcome.answer.status ?? 200 }),
      ...(outcome && outcome.error !== undefined && { error: outcome.error }),
      ...(failure && { failure }),
    })
    if (failure?.startsWith('reset')) incoming.socket.resetAndDestroy()
    else if (outcome && failure !== 'hang-after')
      send(response, withIdentifiers(service.name, outcome.answer, failure), request.method, failure)
  }
}

type Outcome = { answer: AwsAnswer; error?: string }

/** What a request that fails is answered instead of being carried out, if anything. */
function failed(service: Service, request: AwsRequest, failure: Failure | undefined): Outcome | undefined {
  const answer = proxyAnswer(failure)
  if (answer) return { answer }
  const refusal = refusalOf(service.name, failure)
  return refusal && refused(service, request, refusal)
}

async function carryOut(
  admit: Admission,
  service: Service,
  asked: Asked,
  request: AwsRequest,
): Promise<Outcome> {
  try {
    admit(request, asked)
    return { answer: await service.answer(request, asked.operation) }
  } catch (error) {
    if (error instanceof AwsError) return refused(service, request, error)
    throw error
  }
}

function refused(service: Service, request: AwsRequest, error: AwsError): Outcome {
  return { answer: service.refuse(error, request), error: error.code }
}

/** By these a client knows that the service itself has answered. */
function withIdentifiers(service: string, answer: AwsAnswer, failure?: Failure): AwsAnswer {
  if (proxyAnswer(failure)) return answer
  const id = crypto.randomUUID()
  const own: Record<string, string> =
    service === 's3'
      ? { 'x-amz-request-id': id.replaceAll('-', '').slice(0, 16).toUpperCase(), 'x-amz-id-2': btoa(id) }
      : { 'x-amzn-requestid': id }
  return { ...answer, headers: { ...own, ...answer.headers } }
}

function send(response: ServerResponse, answer: AwsAnswer, method: string, failure?: Failure): void {
  const body = Buffer.from(answer.body ?? '')
  response.writeHead(answer.status ?? 200, {
    ...(answer.status === 204 || method === 'HEAD' ? {} : { 'content-length': String(body.length) }),
    ...answer.headers,
  })
  if (failure === 'truncate') response.write(body.subarray(0, body.length / 2), () => response.destroy())
  else response.end(method === 'HEAD' ? undefined : body)
}
