import { once } from 'node:events'
import { request } from 'node:https'
import { connect, type Socket } from 'node:net'
import { json } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { trustBundle } from '@meridian/lab-aws'
import type { EksHandle } from '@meridian/lab-clusters/eks'
import type { Universe } from '@meridian/lab-universe'

type Answer = { status: number; body: unknown }

/**
 * Asks a cluster's API by the name of its endpoint, through the world's proxy, trusting what EKS says of it. Throws what
 * the proxy says of a host that it does not reach.
 */
export async function ask(
  universe: Pick<Universe, 'url'>,
  { cluster }: EksHandle,
  path: string,
  token?: string,
  body?: unknown,
  ca: string = trustBundle(cluster),
): Promise<Answer> {
  const { hostname } = new URL(cluster.endpoint ?? '')
  const tunnel = await openTunnel(new URL(universe.url), hostname)
  const socket = connectTls({ socket: tunnel, servername: hostname, ca })
  try {
    await once(socket, 'secureConnect')
    const headers = {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    }
    const sent = request({
      createConnection: () => socket,
      method: body === undefined ? 'GET' : 'POST',
      host: hostname,
      path,
      headers,
    })
    sent.end(body === undefined ? undefined : JSON.stringify(body))
    const [response] = await once(sent, 'response')
    const isJson = response.headers['content-type']?.includes('json')
    return {
      status: response.statusCode,
      body: isJson ? await json(response) : response.resume() && undefined,
    }
  } finally {
    socket.destroy()
  }
}

async function openTunnel(proxy: URL, host: string): Promise<Socket> {
  const socket = connect(Number(proxy.port), proxy.hostname)
  socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nhost: ${host}:443\r\n\r\n`)
  const [head] = (await once(socket, 'data')) as [Buffer]
  const [line = ''] = head.toString().split('\r\n')
  if (line.includes(' 200 ')) return socket
  socket.destroy()
  throw new Error(line)
}
