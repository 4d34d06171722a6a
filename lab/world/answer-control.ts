import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Accounts } from './accounts.ts'
import type { ControlAnswer, ControlHandler, ControlRequest, ControlRoutes } from './control-routes.ts'

/** Serves one request under `/_world/`: JSON in, JSON out, 404 for what is not there. */
export async function answerControl(
  accounts: Accounts,
  routes: ControlRoutes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://world')
  const found = findRoute(routes, request.method ?? 'GET', url.pathname)
  const raw = await text(request)
  const key = /Credential=([^/,\s]+)/.exec(request.headers.authorization ?? '')?.[1]
  const answer = found
    ? await call(found, { query: url.searchParams, headers: request.headers, account: accounts.of(key) }, raw)
    : { status: 404, body: { message: 'no such control route' } }
  response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer.body ?? null))
}

type Found = { handler: ControlHandler; params: Record<string, string> }

async function call(
  { handler, params }: Found,
  asked: Pick<ControlRequest, 'query' | 'headers' | 'account'>,
  raw: string,
): Promise<ControlAnswer> {
  let body: unknown
  try {
    body = raw === '' ? undefined : JSON.parse(raw)
  } catch {
    return { status: 400, body: { message: 'the body is not JSON' } }
  }
  return handler({ ...asked, params, body })
}

function findRoute(routes: ControlRoutes, method: string, path: string): Found | undefined {
  for (const [route, handler] of Object.entries(routes)) {
    const [wantedMethod, pattern = ''] = route.split(' ')
    const params = wantedMethod === method ? matchPath(pattern, path) : undefined
    if (params) return { handler, params }
  }
  return undefined
}

// The last parameter takes the rest of the path: identifiers of load balancers contain slashes.
function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const [fixed = '', parameter] = pattern.split(':')
  if (parameter === undefined) return path === fixed ? {} : undefined
  if (!path.startsWith(fixed) || path.length === fixed.length) return undefined
  return { [parameter]: decodeURIComponent(path.slice(fixed.length)) }
}
