import type { IncomingMessage } from 'node:http'
import { clientOf, type Failure } from '@meridian/lab-world'
import type { ApiServerOptions } from '../api-server.ts'
import { resourceName, StatusError } from '../status-error.ts'
import { type Reply, verbOf } from './call.ts'
import { parseTarget } from './target.ts'

const slowSeconds = 10

const refusals: Partial<
  Record<Failure, [code: number, reason: string, message: string, retryAfter?: number]>
> = {
  throttle: [
    429,
    'TooManyRequests',
    'the server has received too many requests and has asked us to try again later',
    1,
  ],
  busy: [503, 'ServiceUnavailable', 'the server is currently unable to handle the request'],
  unavailable: [503, 'ServiceUnavailable', 'the server is currently unable to handle the request'],
  error: [500, 'InternalError', 'Internal error occurred: etcdserver: request timed out'],
  gone: [410, 'Expired', 'too old resource version: 1 (100)'],
  denied: [403, 'Forbidden', 'forbidden: User "lab" cannot do this'],
}

const page = '<html><head><title>Sign in</title></head><body>Welcome to the portal</body></html>'
const pages: Partial<Record<Failure, Reply>> = {
  gateway: { code: 502, body: page, contentType: 'text/html' },
  'proxy-404': { code: 404, body: page, contentType: 'text/html' },
  'proxy-page': { code: 200, body: page, contentType: 'text/html' },
  'empty-200': { code: 200, body: '', contentType: 'text/plain' },
}

/** What something between client and server answers in the server's place; nothing is carried out. */
export function answerOfProxy(failure: Failure | undefined): Reply | undefined {
  return failure && pages[failure]
}

/**
 * How a request is to fail, after its ten seconds if it is slow. Throws the refusal of one that is refused.
 * `relayed` is the path with which another server has passed the request on.
 */
export async function meetFault(
  { options: { world, userAgentService: service, name: server } }: { options: ApiServerOptions },
  request: IncomingMessage,
  relayed?: string,
): Promise<Failure | undefined> {
  const path = relayed ?? request.url ?? '/'
  const client = clientOf(request.headers['user-agent'])
  const operation = operationOf(request.method ?? 'GET', path)
  const failure = world.faults?.requests.meet({
    service,
    server,
    client,
    operation,
    path,
    ...(relayed === undefined ? {} : { relayed: true as const }),
  })
  const refusal = failure && refusals[failure]
  // What is carried out is recorded where that is done.
  const status = refusal?.[0] ?? answerOfProxy(failure)?.code
  if (status !== undefined || failure === 'hang' || failure === 'reset-before') {
    const write = !['GET', 'HEAD'].includes(request.method ?? 'GET')
    world.requests.record({ client, service, operation, write, failure, ...(status && { status }) })
  }
  if (refusal) {
    const [code, reason, message, retryAfterSeconds] = refusal
    throw new StatusError(code, reason, message, retryAfterSeconds ? { retryAfterSeconds } : undefined)
  }
  if (failure === 'slow') await world.clock?.sleep(slowSeconds)
  return failure
}

/** As in the request log: `patch deployments.apps`, `get /version`. */
function operationOf(method: string, path: string): string {
  const url = new URL(path, 'https://localhost')
  const target = parseTarget(url.pathname)
  if (target.type === 'page') return `${method.toLowerCase()} ${target.path}`
  const resource = resourceName(target) + (target.subresource ? `/${target.subresource}` : '')
  return `${verbOf(method, target, url.searchParams) ?? method.toLowerCase()} ${resource}`
}
