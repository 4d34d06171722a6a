import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Network } from './network.ts'

/**
 * Serves one HTTP CONNECT: pipes the client to whatever answers for `authority` in the world. By default a name that
 * the world does not know is answered 502 with the words of a failed lookup as reason phrase, because Go
 * clients show that phrase as their error: so it reads as if there were no proxy. `refuse` answers in another way.
 */
export function openTunnel(
  network: Network,
  authority: string,
  client: Duplex,
  head: Buffer,
  refuse: (client: Duplex, reason: string) => void = refuseInWords,
): void {
  const { host, port } = splitAuthority(authority)
  client.on('error', () => client.destroy())
  const localPort = network.resolve(host, port)
  if (localPort === undefined) {
    refuse(client, `dial tcp: lookup ${host}: no such host`)
    return
  }
  const address = network.hiddenAt(host)
  if (address !== undefined) {
    void network.patience().then(() => refuse(client, `dial tcp ${address}:${port}: i/o timeout`))
    return
  }
  const upstream = connect(localPort, '127.0.0.1')
  let connected = false
  upstream.once('connect', () => {
    connected = true
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    if (head.length > 0) upstream.write(head)
    upstream.pipe(client).pipe(upstream)
  })
  upstream.on('error', () => {
    if (connected) client.destroy()
    else refuse(client, `dial tcp ${host}:${port}: connect: connection refused`)
  })
  client.on('close', () => upstream.destroy())
  upstream.on('close', () => client.end())
}

function refuseInWords(client: Duplex, reason: string): void {
  client.end(
    `HTTP/1.1 502 ${reason}\r\nContent-Type: text/plain\r\nContent-Length: ${reason.length}\r\nConnection: close\r\n\r\n${reason}`,
  )
}

function splitAuthority(authority: string): { host: string; port: number } {
  const colon = authority.lastIndexOf(':')
  if (colon < 0) return { host: authority, port: 443 }
  return { host: authority.slice(0, colon), port: Number(authority.slice(colon + 1)) }
}
