import type { ApiServerOptions } from '../api-server.ts'
import type { Kind } from '../kind.ts'
import type { Reply } from './call.ts'
import { discover } from './discovery.ts'
import { describeOpenApi } from './openapi.ts'

const health = new Set(['/healthz', '/livez', '/readyz', '/healthz/ping', '/livez/ping', '/readyz/ping'])

const index = ['/api', '/apis', '/healthz', '/livez', '/openapi/v3', '/readyz', '/version']

/** Pages that a load balancer or a client without credentials may ask for. */
export function isPublicPage(path: string): boolean {
  return health.has(path) || path === '/version'
}

/** What is not a resource: health, version, discovery, OpenAPI and an index of these; undefined for anything else. */
export function servePage(
  { path, accept }: { path: string; accept: string },
  options: ApiServerOptions,
  kinds: readonly Kind[],
): Reply | undefined {
  if (health.has(path)) return { code: 200, body: 'ok', contentType: 'text/plain; charset=utf-8' }
  if (path === '/version') return { code: 200, body: describeVersion(options.version) }
  const known = describeOpenApi(path, kinds) ?? discover(path, accept, kinds)
  return known ?? (path === '/' ? { code: 200, body: { paths: index } } : undefined)
}

function describeVersion(gitVersion: string): unknown {
  const [, major = '1', minor = '0'] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? []
  return {
    major,
    minor,
    gitVersion,
    gitCommit: '0000000000000000000000000000000000000000',
    gitTreeState: 'clean',
    buildDate: '2026-07-14T00:00:00Z',
    goVersion: 'go1.25.10',
    compiler: 'gc',
    platform: 'linux/amd64',
  }
}
