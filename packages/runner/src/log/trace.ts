import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { decisions, type Told } from './decided.ts'
import { log } from './log.ts'

type Sent = { request: ClientRequest }
type Fetched = { request: { method: string; origin: string; path: string } }

/**
 * Shows every request that this process sends, every child that it starts and what is decided in the debug log, where GitHub
 * shows one (RUNNER_DEBUG=1). Node itself tells of requests, whichever library sends them. No header, body or value of a query
 * is shown.
 */
export function traceAll(): void {
  decisions.subscribe(event => {
    const { what, decision } = event as Told
    log.debug(`decided of ${what}: ${decision}`)
  })
  subscribe('http.client.response.finish', event => {
    const { request, response } = event as Sent & { response: IncomingMessage }
    log.debug(`${describe(request)} answered ${response.statusCode}`)
  })
  subscribe('http.client.request.error', event => {
    const { request, error } = event as Sent & { error: Error }
    log.debug(`${describe(request)} failed: ${error.message}`)
  })
  subscribe('undici:request:headers', event => {
    const { request, response } = event as Fetched & { response: { statusCode: number } }
    log.debug(
      `${request.method} ${request.origin}${hideValues(request.path)} answered ${response.statusCode}`,
    )
  })
  subscribe('undici:request:error', event => {
    const { request, error } = event as Fetched & { error: Error }
    log.debug(`${request.method} ${request.origin}${hideValues(request.path)} failed: ${error.message}`)
  })
  subscribe('child_process', event => {
    const { process: child } = event as { process: ChildProcess }
    child.once('spawn', () => log.debug(`process ${child.pid} started: ${child.spawnargs.join(' ')}`))
    child.once('exit', (code, signal) => log.debug(`process ${child.pid} ended: ${signal ?? code}`))
  })
}

const describe = ({ method, protocol, host, path }: ClientRequest) =>
  `${method} ${protocol}//${host}${hideValues(path)}`

/** `/a?prefix=x&delete` becomes `/a?prefix&delete`: a value may be a signature. */
function hideValues(path: string): string {
  return path.replace(/=[^&]*/g, (value, at) => (at > path.indexOf('?') && path.includes('?') ? '' : value))
}
