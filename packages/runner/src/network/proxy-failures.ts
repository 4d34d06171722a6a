import { UserError } from '../errors.ts'
import type { ProxyServer } from './proxies.ts'

/** No byte of the request has reached anybody: the proxy let it through, and found nobody there. */
export const proxyFoundNobody = 'PROXY_FOUND_NOBODY'
/** The proxy does not let the request through, now or later. */
export const proxyRefused = 'PROXY_REFUSED'

const unreachable = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ERR_PROXY_TUNNEL)$/

/**
 * The failure of a request that went through a proxy, where that is at fault: a UserError that names who has named the
 * proxy, with a `code` of its own or the network's. Any other error as it is.
 */
export function explainProxy(error: unknown, proxy: ProxyServer, host: string): unknown {
  if (error instanceof UserError) return error
  const { code = '', message, name } = error as NodeJS.ErrnoException
  const status = statusOf(error)
  if (status !== undefined) return refusal(proxy, host, status, error)
  if (!unreachable.test(code) && name !== 'TimeoutError') return error
  const explained = new UserError(
    `${sayProxy(proxy)} could not be reached, or gave no way to ${host}: ${message}`,
    {
      fix: `See that it runs, that the runner reaches it, and that it lets ${host} through; correct ${proxy.named}, or add ${host} to NO_PROXY where the runner reaches it directly. Then run again.`,
      cause: error,
    },
  )
  return Object.assign(explained, { code })
}

/** The error for an answer with which a proxy itself has met a request for `host`. */
export function refusal(proxy: ProxyServer, host: string, status: number, cause?: unknown): UserError {
  const { words, fix, code } = told(proxy, host, status)
  const error = new UserError(`${sayProxy(proxy)} ${words} (${status})`, { fix, cause })
  // By the one the SDKs of AWS know what may be tried again, by the other everybody else does.
  return Object.assign(error, { code }, code === proxyFoundNobody && { $retryable: { throttling: false } })
}

function told(
  proxy: ProxyServer,
  host: string,
  status: number,
): { words: string; fix: string; code: string } {
  const around = `or add ${host} to NO_PROXY where the runner reaches it directly`
  if (status === 407)
    return {
      words: `lets nobody through to ${host} without the right user and password`,
      fix: `Write them into ${proxy.named}, from a secret: http://USER:PASSWORD@HOST:PORT, each percent-encoded; ${around}.`,
      code: proxyRefused,
    }
  if (status < 500)
    return {
      words: `does not let this runner through to ${host}`,
      fix: `Let its owner allow ${host}, ${around}.`,
      code: proxyRefused,
    }
  return {
    words: `could not connect to ${host}`,
    fix: `See that the proxy can reach and resolve ${host}, ${around}. Then run again.`,
    code: proxyFoundNobody,
  }
}

const sayProxy = ({ shown, named }: ProxyServer) => `the proxy ${shown} (${named})`

/** The status with which a proxy answered CONNECT: as Node tells it, and as the client library of Kubernetes does. */
function statusOf(error: unknown): number | undefined {
  const { statusCode, code, message } = error as NodeJS.ErrnoException & { statusCode?: number }
  if (code === 'ERR_PROXY_TUNNEL') return statusCode
  const told = /^Bad response: (\d+)$/.exec(message)?.[1]
  return told === undefined ? undefined : Number(told)
}
