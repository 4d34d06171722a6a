import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { clientOf, type Failure, type World } from '@meridian/lab-world'
import { GithubError, notFound } from './github-error.ts'
import type { Holdings, Token } from './model.ts'
import { served } from './operations.ts'
import { paginate } from './paginate.ts'
import { admit } from './permissions.ts'
import type { RateLimits } from './rate-limits.ts'
import { findOperation, operations, readRequest } from './read-request.ts'

export type State = {
  readonly world: World
  /** Below this path lies the API. */
  readonly root: string
  readonly repositories: Map<string, Holdings>
  readonly tokens: Map<string, Token>
  readonly limits: RateLimits
  /** Requests that are not answered yet. */
  inFlight: number
  now(): number
  nextId(): number
}

type Answer = { status: number; headers: Record<string, string>; body: unknown }

/** Serves one request, writes it into the world's log, and lets the faults strike that were planned for it. */
export async function handleRequest(
  state: State,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { world, root } = state
  const url = new URL((incoming.url ?? '/').slice(root.length) || '/', `http://${incoming.headers.host}`)
  const method = incoming.method ?? 'GET'
  const operation = findOperation(method, url.pathname)?.operation ?? `${method} ${url.pathname}`
  const asked = { client: clientOf(incoming.headers['user-agent']), service: 'github', operation }
  const failure = world.faults.requests.meet(asked)
  const isLost = failure === 'reset-before' || failure === 'hang'
  const answer = isLost ? undefined : (failWith(world, failure) ?? (await carryOut(state, incoming, url)))
  world.requests.record({
    ...asked,
    write: method !== 'GET',
    ...(answer && { status: answer.status }),
    ...(failure && { failure }),
  })
  if (failure?.startsWith('reset')) incoming.socket.resetAndDestroy()
  else if (answer && failure !== 'hang-after') send(response, answer, failure === 'truncate')
}

/** The refusals of GitHub that a failure of the world stands for. */
function failWith(world: World, failure: Failure | undefined): Answer | undefined {
  const wait = String(Math.round(60 / world.clock.scale))
  const limit = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
  switch (failure) {
    case 'throttle':
      return refuse(new GithubError(403, limit, { headers: { 'retry-after': wait } }))
    case 'busy':
      return refuse(new GithubError(429, limit, { headers: { 'retry-after': wait } }))
    case 'error':
      return refuse(new GithubError(500, 'Server Error'))
    case 'unavailable':
      return refuse(new GithubError(503, 'Service unavailable'))
    case 'denied':
      return refuse(new GithubError(403, 'Resource not accessible by integration'))
    case 'expired':
      return refuse(new GithubError(401, 'Bad credentials'))
    case 'gateway':
      return { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>502 Bad Gateway</html>' }
    default:
      return undefined
  }
}

async function carryOut(state: State, incoming: IncomingMessage, url: URL): Promise<Answer> {
  state.inFlight += 1
  try {
    const request = await readRequest(incoming, url)
    const name = `${request.params.owner}/${request.params.repo}`
    const token = findToken(state, incoming.headers.authorization)
    const asked = { operation: request.operation, method: incoming.method ?? 'GET' }
    const told = token && state.limits.take(token, asked, state.inFlight)
    admit(request.operation, token, name)
    const holdings = state.repositories.get(name.toLowerCase())
    if (!holdings || !token) throw notFound()
    const { now, nextId, root } = state
    const base = `http://${incoming.headers.host}${root}`
    const found = served[request.operation]({
      ...request,
      holdings,
      url: base,
      author: token.author,
      now,
      nextId,
    })
    const { status } = operations[request.operation]
    const page = paginate(found, request, new URL(`${base}${url.pathname}${url.search}`))
    return conditional(incoming, { status, headers: { ...told, ...page.headers }, body: page.body })
  } catch (error) {
    if (error instanceof GithubError) return refuse(error)
    throw error
  } finally {
    state.inFlight -= 1
  }
}

function findToken({ tokens }: State, authorization: string | undefined): Token | undefined {
  if (authorization === undefined) return undefined
  const token = tokens.get(authorization.replace(/^(bearer|token) /i, ''))
  if (!token) throw new GithubError(401, 'Bad credentials')
  return token
}

const refuse = (error: GithubError): Answer => ({
  status: error.status,
  headers: error.headers,
  body: error.body,
})

/** What has not changed since a client saw it is not told again. */
function conditional({ method, headers }: IncomingMessage, answer: Answer): Answer {
  if (method !== 'GET') return answer
  const etag = `W/"${createHash('sha256').update(JSON.stringify(answer.body)).digest('hex')}"`
  const known = headers['if-none-match'] === etag
  return { ...answer, headers: { ...answer.headers, etag }, ...(known && { status: 304, body: undefined }) }
}

function send(response: ServerResponse, { status, headers, body }: Answer, cut: boolean): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const length = text === '' ? {} : { 'content-length': String(Buffer.byteLength(text)) }
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-github-request-id': crypto.randomUUID(),
    'x-github-media-type': 'github.v3; format=json',
    ...length,
    ...headers,
  })
  if (cut) response.write(text.slice(0, text.length / 2), () => response.destroy())
  else response.end(text)
}
