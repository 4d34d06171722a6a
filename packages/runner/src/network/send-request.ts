import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import { text } from 'node:stream/consumers'
import type { Environment } from '../inputs/inputs.ts'
import { agentsFor } from './agents.ts'
import { proxyFor } from './proxies.ts'
import { explainProxy, refusal } from './proxy-failures.ts'

export type Sending = {
  /** Whose proxy variables are honoured. */
  readonly env: Environment
  readonly signal: AbortSignal
  /** GET unless told. */
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** How many redirections are followed, for a GET; else the answer is the redirection. */
  readonly redirects?: number
}

export type Reply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: IncomingMessage
  /** The rest of the body; rejects where it is not whole. */
  text(): Promise<string>
}

const first = Promise.withResolvers<void>()

/** Resolves when this process has sent a request, which leaves it time to load what it needs next. */
export const firstSent: Promise<void> = first.promise

/**
 * Sends one request, through the proxy that the environment wants for its URL. Rejects with the network's own error (which
 * has a `code`), a UserError where the proxy is at fault, or the signal's reason.
 */
export async function sendRequest(url: string | URL, sending: Sending): Promise<Reply> {
  const target = new URL(url)
  const answer = await exchange(target, sending)
  const { statusCode: status = 0, headers } = answer
  const { redirects = 0 } = sending
  if (redirects > 0 && status >= 301 && status <= 308 && status !== 304 && headers.location) {
    answer.resume()
    return sendRequest(new URL(headers.location, target), { ...sending, redirects: redirects - 1 })
  }
  const told = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')])
  return {
    status,
    headers: Object.fromEntries(told),
    body: answer,
    text: () => text(answer).catch(error => Promise.reject(reasonOf(error, sending.signal))),
  }
}

async function exchange(target: URL, sending: Sending): Promise<IncomingMessage> {
  const { env, signal, method = 'GET', headers = {}, body } = sending
  const proxy = proxyFor(env, target)
  const plain = target.protocol === 'http:'
  const agent = plain ? agentsFor(proxy).http : agentsFor(proxy).https
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const options = { method, agent, signal, headers: { ...headers, ...length } }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = plain ? requestPlain(target, options, resolve) : requestTls(target, options, resolve)
    sent.on('error', reject)
    sent.on('finish', first.resolve)
    sent.end(body)
  }).catch(error => {
    const reason = reasonOf(error, signal)
    throw proxy ? explainProxy(reason, proxy, target.host) : reason
  })
  if (proxy === undefined || answer.statusCode !== 407) return answer
  answer.resume()
  throw refusal(proxy, target.host, 407)
}

const reasonOf = (error: unknown, signal: AbortSignal): unknown => (signal.aborted ? signal.reason : error)
