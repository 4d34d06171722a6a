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

const agent = createAgent()

/**
 * Sends one request and reads its answer to the end; rejects with the error of the network, which has a `code`.
 * A tool lives for a tenth of a second, of which loading fetch would take a third. Of a caller that has gone no more is heard, as of
 * a process that has died.
 */
export async function sendRequest(url: string | URL, sending: Sending = {}): Promise<Reply> {
  const caller = callers.getStore()
  if (caller === undefined) return send(url, sending, { env: process.env, agent })
  const unheard = () => new Promise<never>(() => {})
  if (!caller.alive) return unheard()
  const reply = await send(url, sending, caller).catch(error =>
    caller.alive ? Promise.reject(error) : unheard(),
  )
  return caller.alive ? reply : unheard()
}

async function send(
  url: string | URL,
  { method = 'GET', headers = {}, body }: Sending,
  { env, agent }: Pick<Caller, 'env' | 'agent'>,
): Promise<Reply> {
  const target = new URL(url)
  const secure = target.protocol === 'https:'
  const { request, Agent: OwnAgent } = secure ? await import('node:https') : http
  const proxy = goProxy(env, target)
  const proxied = proxy && new OwnAgent({ proxyEnv: { http_proxy: proxy, https_proxy: proxy } })
  const options = { method, headers, ...(proxied ? { agent: proxied } : !secure && { agent }) }
  return new Promise((resolve, reject) => {
    const sent = request(target, options, response => {
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
