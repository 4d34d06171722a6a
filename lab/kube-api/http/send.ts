import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Failure } from '@meridian/lab-world'
import { stringify } from 'yaml'
import { StatusError } from '../status-error.ts'
import { type Reply, unknownPage } from './call.ts'
import type { Exchange } from './exchange.ts'
import { yamlType } from './representation.ts'

const flow = { schema: randomUUID(), priority: randomUUID() }

/** Gives an exchange its identity, the client's own if it has one, and says what it is reckoned among. */
export function identifyExchange({ request, response }: Exchange): void {
  response.setHeader('audit-id', request.headers['audit-id'] ?? randomUUID())
  response.setHeader('x-kubernetes-pf-flowschema-uid', flow.schema)
  response.setHeader('x-kubernetes-pf-prioritylevel-uid', flow.priority)
}

/** Sends an answer, or as much of it as a fault of the world leaves. */
export function sendReply(exchange: Exchange, { code, body, contentType }: Reply, failure?: Failure): void {
  const { request, response } = exchange
  if (response.destroyed) return
  if (failure === 'hang-after' || failure === 'reset-after') return void loseAnswer(exchange, failure)
  const asYaml = contentType === undefined && wantsYaml(request)
  const text = typeof body === 'string' ? body : asYaml ? yamlOf(body) : JSON.stringify(body)
  const content = compressed(request, response, code, Buffer.from(text))
  response.writeHead(code, {
    'content-type': contentType ?? (asYaml ? yamlType : 'application/json'),
    'content-length': content.length,
    'cache-control': 'no-cache, private',
  })
  if (failure === 'truncate')
    response.write(content.subarray(0, content.length / 2), () => response.destroy())
  else response.end(request.method === 'HEAD' ? undefined : content)
}

const wantsYaml = ({ headers }: IncomingMessage) => /^\s*application\/yaml\b/.test(headers.accept ?? '')

/** YAML as servers write it: keys in alphabetical order, texts that older readers take for something else in quotes. */
function yamlOf(body: unknown): string {
  return stringify(body, { sortMapEntries: true, version: '1.1', lineWidth: 0, indentSeq: false })
}

const compressedFrom = 128 * 1024

/** A large answer in gzip, for a client that takes it. */
function compressed(
  request: IncomingMessage,
  response: ServerResponse,
  code: number,
  content: Buffer,
): Buffer {
  const takesIt = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  if (code !== 200 || content.length <= compressedFrom || !takesIt) return content
  response.setHeader('content-encoding', 'gzip')
  response.setHeader('vary', 'Accept-Encoding')
  return gzipSync(content, { level: 1 })
}

/**
 * Tells the client something beside the answer, in a `Warning` header: once, whatever the answer will be. To be said
 * before the answer begins.
 */
export function warn({ response }: Pick<Exchange, 'response'>, text: string): void {
  // Go sends UTF-8 in headers, Node takes one character for each byte.
  const quoted = Buffer.from(text.replaceAll(/[\\"]/g, '\\$&')).toString('latin1')
  const warning = `299 - "${quoted}"`
  const said = [response.getHeader('warning') ?? []].flat()
  if (!said.includes(warning)) response.appendHeader('warning', warning)
}

/** Cuts the client off, or leaves it waiting until it gives up. */
export function loseAnswer({ request }: Exchange, failure: Failure): void {
  if (failure.startsWith('reset')) request.socket.destroy()
}

const pageless: Reply = {
  code: 404,
  body: unknownPage.message,
  contentType: 'text/plain; charset=utf-8',
}

/** A refusal as its Status; anything else is a fault of the simulation and becomes a 500 that says so. */
export function sendError(exchange: Exchange, error: unknown, failure?: Failure): void {
  const { request, response } = exchange
  if (response.headersSent) return void response.destroy()
  if (error === unknownPage) return void sendReply(exchange, pageless, failure)
  const refusal = error instanceof StatusError ? error : internalError(error)
  // What is left of a body that nobody read must not be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close')
  const { retryAfterSeconds } = refusal.body.details ?? {}
  if (retryAfterSeconds) response.setHeader('retry-after', retryAfterSeconds)
  sendReply(exchange, { code: refusal.body.code, body: refusal.body }, failure)
}

function internalError(error: unknown): StatusError {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new StatusError(500, 'InternalError', `Internal error occurred: ${text}`, {
    causes: [{ message: text }],
  })
}
