import {
  agentsFor,
  type Environment,
  explainProxy,
  type ProxyServer,
  proxyFor,
  refusal,
} from '@meridian/runner'
import { NodeHttpHandler } from '@smithy/node-http-handler'

type Handle = NodeHttpHandler['handle']

/**
 * One connection pool for all clients of a run, through the proxies that `env` wants. Requests end when `signal` is aborted,
 * and when a server accepts them but never answers. A proxy at fault is a UserError, which the SDK tries again as it would
 * the error below it.
 */
export function createRequestHandler(env: Environment, signal: AbortSignal): NodeHttpHandler {
  const handler = createHandler()
  const straight = handler.handle.bind(handler)
  const ways = new Map<string, Handle>()
  handler.handle = async (request, options) => {
    const { protocol, hostname, port } = request
    const proxy = proxyFor(env, `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}/`)
    const way = proxy ? (ways.get(proxy.url) ?? through(proxy)) : straight
    if (proxy) ways.set(proxy.url, way)
    return way(request, { ...options, abortSignal: options?.abortSignal ?? signal })
  }
  return handler
}

function createHandler(proxy?: ProxyServer): NodeHttpHandler {
  const { http, https } = agentsFor(proxy)
  return new NodeHttpHandler({
    connectionTimeout: 5_000,
    requestTimeout: 60_000,
    throwOnRequestTimeout: true,
    httpAgent: http,
    httpsAgent: https,
  })
}

function through(proxy: ProxyServer): Handle {
  const handler = createHandler(proxy)
  return async (request, options) => {
    const { hostname } = request
    const answer = await handler
      .handle(request, options)
      .catch(error => Promise.reject(explainProxy(error, proxy, hostname)))
    if (answer.response.statusCode === 407) throw refusal(proxy, hostname, 407)
    return answer
  }
}
