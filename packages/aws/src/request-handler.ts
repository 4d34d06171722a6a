import { NodeHttpHandler } from '@smithy/node-http-handler'

/**
 * One connection pool for all clients of a run. Requests end when `signal` is aborted, and when a server accepts
 * them but never answers.
 */
export function createRequestHandler(signal: AbortSignal): NodeHttpHandler {
  const handler = new NodeHttpHandler({
    connectionTimeout: 5_000,
    requestTimeout: 60_000,
    throwOnRequestTimeout: true,
  })
  const handle = handler.handle.bind(handler)
  handler.handle = (request, options) =>
    handle(request, { ...options, abortSignal: options?.abortSignal ?? signal })
  return handler
}
