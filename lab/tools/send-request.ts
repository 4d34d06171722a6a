import { readFile } from 'node:fs/promises'
import http from 'node:http'
import { type Caller, callers } from './callers.ts'
import { goProxy, goProxyError } from './proxy-environment.ts'

export type Sending = { method?: string; headers?: Record<string, string>; body?: string }

/** What of fetch's Response the tools look at. */
export type Reply = {
  status: number
  ok: boolean
  headers: { get(name: string): string | null }
  text(): Promise<string>
}

/** The connections of one process. */
export const createAgent = () => new http.Agent({ keepAlive: true, maxSockets: 8 })

const ownProcess = { agent: createAgent(), others: new Map<string, http.Agent>() }

/**
 * Sends one request and reads its answer to the end; rejects with the error of the network, which has a `code`.
 * A tool lives for a tenth of a second, of which loading fetch would take a third. Of a caller that has gone no more is heard, as of
 * a process that has died.
 */
export async function sendRequest(url: string | URL, sending: Sending = {}): Promise<Reply> {
  const caller = callers.getStore()
  if (caller === undefined) return send(url, sending, { env: process.env, ...ownProcess })
  const unheard = () => new Promise<never>(() => {})
  if (!caller.alive) return unheard()
  const reply = await send(url, sending, caller).catch(error =>
    caller.alive ? Promise.reject(error) : unheard(),
  )
  return caller.alive ? reply : unheard()
}

type Line = Pick<Caller, 'env' | 'agent' | 'others'>

async function send(
  url: string | URL,
  { method = 'GET', headers = {}, body }: Sending,
  line: Line,
): Promise<Reply> {
  const target = new URL(url)
  const proxy = goProxy(line.env, target)
  const { request } = target.protocol === 'https:' ? await import('node:https') : http
  const agent = await agentFor(target, proxy, line)
  return new Promise((resolve, reject) => {
    const sent = request(target, { method, headers, agent }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const { statusCode: status = 0, headers: got } = response
        resolve({
          status,
          ok: status >= 200 && status < 300,
          headers: { get: name => [got[name.toLowerCase()] ?? null].flat()[0] ?? null },
          text: async () => Buffer.concat(chunks).toString(),
        })
      })
    })
    sent.on('error', error => reject(goProxyError(error, proxy)))
    sent.end(body)
  })
}

/** Where only a proxy is to be reached, nobody else is; a process of its own is held to that by `only-way.mjs`. */
async function agentFor(
  { protocol, host }: URL,
  proxy: string | undefined,
  { env, agent, others }: Line,
): Promise<http.Agent> {
  const way = env.MERIDIAN_ONLY_WAY
  if (way !== undefined && (proxy === undefined || new URL(proxy).host !== way)) {
    const message = `connect ENETUNREACH ${host}: this machine reaches nobody but its proxy`
    throw Object.assign(new Error(message), { code: 'ENETUNREACH', syscall: 'connect' })
  }
  const secure = protocol === 'https:'
  if (proxy === undefined && !secure) return agent
  const key = `${protocol}${proxy}`
  const known = others.get(key)
  if (known) return known
  const { Agent } = secure ? await import('node:https') : http
  const trusted = env.SSL_CERT_FILE && { ca: await readFile(env.SSL_CERT_FILE) }
  const through = proxy && { proxyEnv: { http_proxy: proxy, https_proxy: proxy } }
  const made = new Agent({ keepAlive: true, ...through, ...trusted })
  others.set(key, made)
  return made
}
