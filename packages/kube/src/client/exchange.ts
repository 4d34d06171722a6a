import type { ClientRequest, IncomingMessage } from 'node:http'
import { type Agent, type RequestOptions, request } from 'node:https'
import { createSecureContext } from 'node:tls'
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import { type ProxyServer, pause, proxyFoundNobody, proxyRefused } from '@meridian/runner'
import type { Kubeconfig } from '../kubeconfig/kubeconfig.ts'
import { errorOfAnswer, errorOfFailure, KubeError } from './errors.ts'
import { plainOptions } from './plain-options.ts'
import { userHeaders } from './user-headers.ts'

export type Exchange = {
  method: string
  path: string
  headers: Record<string, string>
  body?: string
  timeout: number
  repeatable: boolean
}

/** Where requests go, and with what: made once per connection. */
export type Wire = {
  kubeconfig: Kubeconfig
  /** The client library's, which makes its agent once; `anew` for one that is made of other certificates. */
  config(anew?: 'anew'): Promise<KubeConfig>
  /** What requests go through: the kubeconfig's, or the one that this process is told by its variables. */
  proxy: ProxyServer | undefined
  server: string
  userAgent: string
  signal: AbortSignal
  /** Milliseconds by which the server's clock was ahead of this machine's at its last answer. */
  clockAhead: number
  /** How requests are made and who makes them, where that stays as it is. */
  credentials?: Promise<RequestOptions> | undefined
  /** The certificates of the last request, where they may change. */
  certificates?: string
}

const mostAttempts = 5
const mostMilliseconds = 60_000
/** Errors that come before a byte of the request is sent: repeating is safe whatever the request does. */
const notSent: readonly unknown[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', proxyFoundNobody]

/**
 * Sends one request and answers with its parsed body. Exchanges that may be repeated are, with full jitter,
 * after a lost connection, 429 and 5xx; none is begun anew more than a minute after the first.
 */
export async function exchange(wire: Wire, given: Exchange): Promise<unknown> {
  const started = Date.now()
  for (let count = 1; ; count += 1) {
    wire.signal.throwIfAborted()
    try {
      return await attempt(wire, given)
    } catch (error) {
      wire.signal.throwIfAborted()
      const late = Date.now() - started > mostMilliseconds
      if (count >= mostAttempts || late || !isRepeatable(error, given.repeatable)) throw error
      await pause(Math.random() * Math.min(8_000, 200 * 2 ** count), wire.signal)
    }
  }
}

function isRepeatable(error: unknown, repeatable: boolean): boolean {
  if (!(error instanceof KubeError)) return false
  if (error.status === 429) return true
  if (error.status >= 500) return repeatable && error.reason !== 'Invalid'
  if (error.status !== 0 || ['Untrusted', 'ForeignAnswer'].includes(error.reason)) return false
  const cause = error.cause as NodeJS.ErrnoException | undefined
  return cause?.code !== proxyRefused && (repeatable || notSent.includes(cause?.code))
}

async function attempt(wire: Wire, given: Exchange): Promise<unknown> {
  const what = `${given.method} ${wire.server}${given.path.split('?')[0]}`
  const answer = await send(wire, given).catch(error => {
    wire.signal.throwIfAborted()
    if (error !== late) throw errorOfFailure(wire, what, error)
    const words = `no answer within ${given.timeout / 1000} s`
    throw new KubeError(`${what}: ${words}`, { status: 0, reason: 'Timeout', server: wire.server })
  })
  const body = parseBody(wire, what, answer)
  if (answer.status >= 400) throw errorOfAnswer(wire.server, what, answer.status, body)
  return body
}

type Answer = { status: number; type: string; text: string }

const late = new Error('there is no answer in time')

/** One timer and one listener for each: signals of their own would cost more than the requests. */
async function send(wire: Wire, given: Exchange): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  let outgoing: ClientRequest | undefined
  let isOver = false
  const stop = (error: Error) => {
    isOver = true
    reject(error)
    outgoing?.destroy(error)
  }
  const timer = setTimeout(stop, given.timeout, late)
  const cancel = () => stop(wire.signal.reason)
  wire.signal.addEventListener('abort', cancel)
  const begin = async () => {
    const options = await optionsOf(wire, given)
    if (isOver) return
    outgoing = request(new URL(wire.server + given.path), options, incoming => {
      noteClock(wire, incoming.headers.date)
      const { statusCode: status = 0, headers } = incoming
      readAll(incoming).then(text => resolve({ status, type: headers['content-type'] ?? '', text }), reject)
    })
    outgoing.on('error', reject)
    outgoing.end(given.body)
  }
  begin().catch(reject)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    wire.signal.removeEventListener('abort', cancel)
  }
}

/** How a request is sent, with the headers that say who sends it. */
export async function optionsOf(
  wire: Wire,
  { method, headers, body }: Pick<Exchange, 'method' | 'headers' | 'body'>,
): Promise<RequestOptions> {
  wire.credentials ??= isFixed(wire.kubeconfig) ? readCredentials(wire) : undefined
  const credentials = await (wire.credentials ?? readCredentials(wire))
  const own = {
    ...credentials.headers,
    ...(await userHeaders(wire.kubeconfig)),
    ...headers,
    'user-agent': wire.userAgent,
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
  }
  return { ...credentials, method, headers: own }
}

async function readCredentials(wire: Wire): Promise<RequestOptions> {
  const plain = plainOptions(wire.kubeconfig, wire.proxy)
  if (plain) {
    const { options } = plain.agent as Agent
    // Node would else read certificates and keys anew for every connection.
    options.secureContext = createSecureContext(options)
    return plain
  }
  const options = await optionsIn(await wire.config())
  const certificates = JSON.stringify([options.ca, options.cert, options.key].map(String))
  const isOther = wire.certificates !== undefined && wire.certificates !== certificates
  wire.certificates = certificates
  return isOther ? optionsIn(await wire.config('anew')) : options
}

async function optionsIn(config: KubeConfig): Promise<RequestOptions> {
  const options: RequestOptions = {}
  await config.applyToHTTPSOptions(options)
  keepAlive(options.agent)
  return options
}

/** What is not in the kubeconfig itself, but in files or had from commands, may be another by the next request. */
const elsewhere = ['exec', 'auth-provider', 'client-certificate', 'client-key', 'certificate-authority']

function isFixed({ clusters, users }: Kubeconfig): boolean {
  const parts = [...clusters.map(({ cluster }) => cluster), ...users.map(({ user }) => user)]
  return !parts.some(part => elsewhere.some(name => name in part))
}

function noteClock(wire: Wire, date: string | undefined): void {
  const told = Date.parse(date ?? '')
  if (Number.isFinite(told)) wire.clockAhead = told - Date.now()
}

/** The client library's agents open a connection per request, which a wait of many small reads would feel. */
function keepAlive(agent: RequestOptions['agent']): void {
  if (agent && typeof agent === 'object') Object.assign(agent, { keepAlive: true })
}

function readAll(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  return new Promise((resolve, reject) => {
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => resolve(Buffer.concat(parts).toString('utf8')))
    incoming.on('error', reject)
  })
}

function parseBody(wire: Wire, what: string, answer: Answer): unknown {
  if (!answer.type.includes('json')) return answer.text
  try {
    return JSON.parse(answer.text)
  } catch (error) {
    throw errorOfFailure(wire, `${what}: the answer is not whole`, error)
  }
}
