import http from 'node:http'
import { goProxy, goProxyError } from './proxy-environment.ts'

export type Sending = { method?: string; headers?: Record<string, string>; body?: string }

/** What of fetch's Response the tools look at. */
export type Reply = {
  status: number
  ok: boolean
  headers: { get(name: string): string | null }
  text(): Promise<string>
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 8 })

/**
 * Sends one request and reads its answer to the end; rejects with the error of the network, which has a `code`.
 * A tool lives for a tenth of a second, of which loading fetch would take a third.
 */
export async function sendRequest(url: string | URL, sending: Sending = {}): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = sending
  const target = new URL(url)
  const secure = target.protocol === 'https:'
  const { request, Agent: OwnAgent } = secure ? await import('node:https') : http
  const proxy = goProxy(process.env, target)
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
