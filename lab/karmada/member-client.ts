import { Agent, type RequestOptions, request as sendRequest } from 'node:https'
import { isIP } from 'node:net'
import type { Readable } from 'node:stream'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { KubeObject } from '@meridian/lab-kube-api'
import type { Network } from '@meridian/lab-world'
import { isFields, textAt } from '@meridian/lab-world/json'

export type MemberAccess = {
  network: Network
  /** `https://host[:port]`, as in the Cluster. */
  endpoint: string
  token: string
  /** PEM; undefined trusts any certificate. */
  authority: string | undefined
  /** Real milliseconds for one exchange. */
  timeout: number
}
export type MemberAnswer = { status: number; body: unknown }
export type MemberEvent = { type: string; object: KubeObject }

/** A connection to a member's API, verified against the name in its endpoint: there is no way to name another. */
export type MemberClient = {
  /** Throws Error in Go's words when the member cannot be reached or its certificate does not verify. */
  request(method: string, path: string, body?: unknown, accept?: string): Promise<MemberAnswer>
  /** Streams events until it fails or `close` is called; `ended` is called once. */
  watch(path: string, listener: (event: MemberEvent) => void, ended: () => void): () => void
  close(): void
}

const userAgent = 'karmada-controller-manager/v1.18.2 (linux/amd64)'

/** Prepares a client; nothing is sent yet. */
export function connectMember({ network, endpoint, token, authority, timeout }: MemberAccess): MemberClient {
  const url = new URL(endpoint)
  const port = Number(url.port || 443)
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  // A watch of its own keeps no pooled connection from ordinary requests.
  const watches = new Agent()
  let trust: SecureContext | undefined

  function options(method: string, path: string, accept = 'application/json'): RequestOptions {
    const localPort = network.resolve(url.hostname, port)
    if (localPort === undefined) throw new Error(`dial tcp: lookup ${url.hostname}: no such host`)
    if (authority !== undefined) trust ??= createSecureContext({ ca: authority })
    return {
      agent,
      host: '127.0.0.1',
      port: localPort,
      method,
      path: `${url.pathname.replace(/\/$/, '')}${path}`,
      // An IP address in the endpoint is verified as such, but never sent as a server name.
      servername: isIP(url.hostname) ? '' : url.hostname,
      ...(trust ? { secureContext: trust } : { rejectUnauthorized: false }),
      headers: { authorization: `Bearer ${token}`, accept, 'user-agent': userAgent },
    }
  }

  return {
    async request(method, path, body, accept) {
      const text = body === undefined ? undefined : JSON.stringify(body)
      return exchange({ ...options(method, path, accept), timeout }, text, `${method} "${url.origin}${path}"`)
    },
    watch(path, listener, ended) {
      return openWatch({ ...options('GET', path), agent: watches }, listener, ended)
    },
    close: () => agent.destroy(),
  }
}

function exchange(options: RequestOptions, text: string | undefined, what: string): Promise<MemberAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(new Error(`${what}: ${error.message}`, { cause: error }))
    const request = sendRequest(options, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', fail)
      response.on('end', () => {
        const content = Buffer.concat(chunks).toString()
        const json = response.headers['content-type']?.includes('json') ?? false
        resolve({ status: response.statusCode ?? 0, body: json && content ? JSON.parse(content) : content })
      })
    })
    request.on('timeout', () => request.destroy(new Error('context deadline exceeded')))
    request.on('error', fail)
    if (text !== undefined) request.setHeader('content-type', 'application/json')
    request.end(text)
  })
}

function openWatch(
  options: RequestOptions,
  listener: (event: MemberEvent) => void,
  ended: () => void,
): () => void {
  let over = false
  const finish = () => {
    if (!over) ended()
    over = true
  }
  const request = sendRequest(options, response => {
    if (response.statusCode !== 200) {
      response.resume()
      finish()
      return
    }
    onLines(response, line => {
      const event = JSON.parse(line) as MemberEvent
      if (event.type === 'ERROR') request.destroy()
      else if (!over && event.type !== 'BOOKMARK') listener(event)
    })
    response.on('error', finish)
    response.on('close', finish)
  })
  request.on('error', finish)
  request.end()
  return () => {
    over = true
    request.destroy()
  }
}

function onLines(stream: Readable, listener: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line) listener(line)
  })
}

/** The message of a refusal, as the member's API words it. */
export function refusalOf({ status, body }: MemberAnswer): string {
  return (isFields(body) && textAt(body, 'message')) || `the server responded with the status code ${status}`
}
