import { request } from 'node:http'
import { request as requestTls } from 'node:https'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { explainProxy, type Job, type ProxyServer, proxyFor, refusal } from '@meridian/runner'

type Target = { readonly protocol: 'http' | 'https'; readonly hostname: string; readonly port: number }

/**
 * A connection to a host, over TLS as `serverName` where the protocol wants it, that a request for another name may be
 * sent over: an agent refuses a Host that is not the connection's. Through a proxy it is a tunnel, for http too, as a
 * proxy goes by the name that is asked for.
 */
export async function openConnection(
  { env }: Pick<Job, 'env'>,
  signal: AbortSignal,
  { protocol, hostname, port }: Target,
  serverName: string,
): Promise<Socket> {
  const proxy = proxyFor(env, `${protocol}://${hostname}:${port}`)
  const socket = proxy ? await openTunnel(proxy, hostname, port, signal) : connect({ host: hostname, port })
  const stream = protocol === 'https' ? connectTls({ socket, servername: serverName }) : socket
  if (stream === socket && proxy) return stream
  return new Promise((resolve, reject) => {
    const stop = () => stream.destroy(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    stream.once('error', reject)
    stream.once(protocol === 'https' ? 'secureConnect' : 'connect', () => {
      signal.removeEventListener('abort', stop)
      resolve(stream)
    })
  })
}

function openTunnel(
  proxy: ProxyServer,
  hostname: string,
  port: number,
  signal: AbortSignal,
): Promise<Socket> {
  const { protocol, username, password, hostname: host, port: at } = new URL(proxy.url)
  const who = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const credentials = { 'proxy-authorization': `Basic ${Buffer.from(who).toString('base64')}` }
  const path = `${hostname}:${port}`
  const options = {
    host: host.replace(/^\[(.*)\]$/, '$1'),
    ...(at && { port: Number(at) }),
    method: 'CONNECT',
    path,
    headers: { host: path, ...(username && credentials) },
    agent: false,
    signal,
  }
  return new Promise<Socket>((resolve, reject) => {
    const asked = (protocol === 'https:' ? requestTls : request)(options)
    asked.once('error', error => reject(explainProxy(error, proxy, hostname)))
    asked.once('response', ({ statusCode = 0 }) => {
      asked.destroy()
      reject(refusal(proxy, hostname, statusCode))
    })
    asked.once('connect', ({ statusCode = 0 }, socket: Socket) => {
      if (statusCode === 200) return resolve(socket)
      socket.destroy()
      reject(refusal(proxy, hostname, statusCode))
    })
    asked.end()
  })
}
