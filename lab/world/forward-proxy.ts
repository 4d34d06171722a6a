import { createServer, type IncomingMessage, STATUS_CODES } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { openTunnel } from './connect-tunnel.ts'
import type { Network } from './network.ts'
import { passRequest, refuseUnreachable } from './pass-request.ts'

/** What somebody has asked a proxy for, and the status that it answered by itself; 0 where another answered. */
export type ProxyUse = { method: string; target: string; refused: number }

export type ForwardProxy = {
  /** Without credentials. */
  url: string
  uses(): readonly ProxyUse[]
  close(): Promise<void>
}

export type ProxyOptions = {
  /** `user:password`, without which it lets nobody through. */
  credentials?: string
  /** Hosts to which it lets nobody through. */
  refuses?: (host: string) => boolean
}

/**
 * A forward proxy on loopback, as a company has one: CONNECT, and requests for `http://` URLs in absolute form. It alone
 * knows where the names of a world lie, so that whoever goes around it meets a name that does not resolve.
 */
export async function openForwardProxy(network: Network, options: ProxyOptions = {}): Promise<ForwardProxy> {
  const uses: ProxyUse[] = []
  const judge = (asked: IncomingMessage, target: string, host: string): number => {
    const refused = refusalOf(asked, host, options)
    uses.push({ method: asked.method ?? '', target, refused })
    return refused
  }
  const server = createServer((asked, response) => {
    const target = URL.canParse(asked.url ?? '') ? new URL(asked.url ?? '') : undefined
    if (target?.protocol !== 'http:') return void response.writeHead(400).end('a proxy takes absolute URLs')
    const refused = judge(asked, target.origin, target.hostname)
    if (refused) return void response.writeHead(refused, refusalHeaders(refused)).end()
    const localPort = network.resolve(target.hostname, Number(target.port || 80))
    if (localPort === undefined) return refuseUnreachable(target.host, response)
    passRequest({ localPort, path: `${target.pathname}${target.search}`, host: target.host }, asked, response)
  })
  server.on('connect', (asked: IncomingMessage, client: Duplex, head: Buffer) => {
    const authority = asked.url ?? ''
    const refused = judge(asked, authority, authority.replace(/:\d+$/, ''))
    if (refused) refuseTunnel(client, refused)
    // As squid and others say of whatever they cannot reach or resolve.
    else openTunnel(network, authority, client, head, () => refuseTunnel(client, 503))
  })
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    uses: () => uses,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function refusalOf(asked: IncomingMessage, host: string, { credentials, refuses }: ProxyOptions): number {
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
  if (wanted && asked.headers['proxy-authorization'] !== wanted) return 407
  return refuses?.(host) ? 403 : 0
}

function refusalHeaders(status: number): Record<string, string> {
  return status === 407 ? { 'proxy-authenticate': 'Basic realm="lab"' } : {}
}

function refuseTunnel(client: Duplex, status: number): void {
  const words = STATUS_CODES[status]
  const headers = Object.entries(refusalHeaders(status)).map(([name, value]) => `${name}: ${value}\r\n`)
  client.on('error', () => client.destroy())
  client.end(
    `HTTP/1.1 ${status} ${words}\r\n${headers.join('')}content-length: 0\r\nconnection: close\r\n\r\n`,
  )
}
