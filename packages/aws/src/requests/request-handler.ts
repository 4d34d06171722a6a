import {
  agentsFor,
  type Environment,
  explainProxy,
  type ProxyServer,
  proxyFor,
  refusal,
} from '@meridian/runner'
import type { HttpHandler } from '@smithy/core/protocols'

export type RequestHandler = HttpHandler

/**
 * One connection pool for all clients of a run, through the proxies that `env` wants. Requests end when `signal` is aborted,
 * and when a server accepts them but never answers. A proxy at fault is a UserError, which the SDK tries again as it would
 * the error below it.
 */
export function createRequestHandler(env: Environment, signal: AbortSignal): RequestHandler {
  const ways = new Map<string, Promise<Handle>>()
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, options) {
      const { protocol, hostname, port } = request
      const proxy = proxyFor(env, `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}/`)
      const name = proxy?.url ?? ''
      const way = ways.get(name) ?? openWay(proxy)
      ways.set(name, way)
      return (await way)(request, { ...options, abortSignal: options?.abortSignal ?? signal })
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  }
}

type Handle = HttpHandler['handle']

async function openWay(proxy: ProxyServer | undefined): Promise<Handle> {
  const { http, https } = agentsFor(proxy)
  const { NodeHttpHandler } = await import('@smithy/node-http-handler')
  const handler = new NodeHttpHandler({
    connectionTimeout: 5_000,
    requestTimeout: 60_000,
    throwOnRequestTimeout: true,
    httpAgent: http,
    httpsAgent: https,
  })
  if (proxy === undefined) return (request, options) => handler.handle(request, options)
  return async (request, options) => {
    const { hostname } = request
    const answer = await handler
      .handle(request, options)
      .catch(error => Promise.reject(explainProxy(error, proxy, hostname)))
    if (answer.response.statusCode === 407) throw refusal(proxy, hostname, 407)
    return answer
  }
}
