import { StatusError } from '../status-error.ts'
import type { Reply } from './call.ts'
import type { Exchange } from './dispatch.ts'

export function sendReply({ request, response }: Exchange, { code, body, contentType }: Reply): void {
  if (response.destroyed) return
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(code, {
    'content-type': contentType ?? 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-cache, private',
  })
  response.end(request.method === 'HEAD' ? undefined : text)
}

/** A refusal as its Status; anything else is a fault of the simulation and becomes a 500 that says so. */
export function sendError(exchange: Exchange, error: unknown): void {
  const { request, response } = exchange
  if (response.headersSent) return void response.destroy()
  const refusal = error instanceof StatusError ? error : internalError(error)
  // What is left of a body that nobody read must not be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close')
  sendReply(exchange, { code: refusal.body.code, body: refusal.body })
}

function internalError(error: unknown): StatusError {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new StatusError(500, 'InternalError', `Internal error occurred: ${text}`)
}
