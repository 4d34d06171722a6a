import { Agent, request } from 'node:https'
import { goProxy, goProxyError } from '../proxy-environment.ts'
import type { Connection } from './kubeconfig.ts'

export type KubeObject = {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; [field: string]: unknown }
  [field: string]: unknown
}

type KubeAnswer = { status: number; body: Record<string, unknown>; message: string }

/** A thin JSON client of one Kubernetes API. Network failures reject with the words of the network. */
export type KubeClient = {
  server: string
  ask(method: string, path: string, body?: unknown): Promise<KubeAnswer>
  close(): void
}

/**
 * A client of an API server by one connection of a kubeconfig, through its proxy or the environment's, as Go takes
 * it.
 */
export function createKubeClient(connection: Connection, userAgent: string): KubeClient {
  const { server, authority, certificate, key, token, serverName } = connection
  const proxy = connection.proxy ?? goProxy(process.env, new URL(server))
  const agent = new Agent({
    keepAlive: true,
    ...(authority && { ca: authority }),
    ...(certificate && { cert: certificate }),
    ...(key && { key }),
    ...(serverName && { servername: serverName }),
    ...(proxy && { proxyEnv: { HTTPS_PROXY: proxy } }),
  })
  const headers = {
    accept: 'application/json',
    'user-agent': userAgent,
    ...(token && { authorization: `Bearer ${token}` }),
  }

  function ask(method: string, path: string, body?: unknown): Promise<KubeAnswer> {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const described = payload !== undefined && {
      'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      'content-length': Buffer.byteLength(payload),
    }
    const url = new URL(server.replace(/\/$/, '') + path)
    return new Promise((resolve, reject) => {
      const sent = request(url, { agent, method, headers: { ...headers, ...described } }, response => {
        const chunks: Buffer[] = []
        response.on('data', chunk => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve(answer(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8'))),
        )
      })
      sent.on('error', error => {
        const { message } = goProxyError(error, proxy)
        reject(new Error(`${method} ${url.href}: ${message}`, { cause: error }))
      })
      sent.end(payload)
    })
  }
  return { server, ask, close: () => agent.destroy() }
}

function answer(status: number, text: string): KubeAnswer {
  try {
    const body = JSON.parse(text)
    return { status, body, message: String(body.message ?? text) }
  } catch {
    return { status, body: {}, message: text.trim() }
  }
}
