import type { Duplex } from 'node:stream'
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws'
import type { Upgrade } from './port-forward.ts'
import { type SpdyStream, serveSpdy } from './spdy/session.ts'

// kubectl opens two streams per connection, one for errors and one for data. It first tries to do so through a
// WebSocket that carries SPDY, then by an upgrade to SPDY itself.
const streamProtocol = 'portforward.k8s.io'
const tunnelProtocol = `SPDY/3.1+${streamProtocol}`

const tunnels = new WebSocketServer({ noServer: true, handleProtocols: () => tunnelProtocol })

/** Whether the client wants SPDY, bare or in a WebSocket. */
export function speaksStreams({ request: { headers } }: Upgrade): boolean {
  const upgrade = headers.upgrade?.toLowerCase()
  if (upgrade === 'spdy/3.1') return headers['x-stream-protocol-version']?.includes(streamProtocol) ?? false
  return upgrade === 'websocket' && (headers['sec-websocket-protocol'] ?? '').includes(tunnelProtocol)
}

/** Joins streams to the ports of a pod that they name. */
export function forwardStreams(
  { request, socket, head }: Upgrade,
  pod: string,
  dial: (port: number) => Duplex | undefined,
): void {
  const serve = (connection: Duplex) => servePairs(connection, pod, dial)
  if (request.headers.upgrade?.toLowerCase() === 'websocket') {
    tunnels.handleUpgrade(request, socket, head, (channel: WebSocket) =>
      serve(createWebSocketStream(channel)),
    )
    return
  }
  const answer = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1']
  socket.write(`${[...answer, `X-Stream-Protocol-Version: ${streamProtocol}`].join('\r\n')}\r\n\r\n`)
  socket.unshift(head)
  serve(socket)
}

function servePairs(connection: Duplex, pod: string, dial: (port: number) => Duplex | undefined): void {
  const errors = new Map<string, SpdyStream>()
  serveSpdy(connection, stream => {
    const id = stream.headers.get('requestid') ?? ''
    if (stream.headers.get('streamtype') === 'error') {
      errors.set(id, stream)
      return
    }
    const error = errors.get(id)
    errors.delete(id)
    const port = Number(stream.headers.get('port'))
    joinStream(stream, dial(port), failed => error?.end(failed ? explain(pod, port) : undefined))
  })
}

function joinStream(stream: SpdyStream, pod: Duplex | undefined, finish: (failed: boolean) => void): void {
  if (!pod) {
    stream.end()
    finish(true)
    return
  }
  let failed = false
  pod.on('data', stream.send)
  pod.on('end', () => stream.end())
  pod.on('error', () => {
    failed = true
    stream.end()
  })
  pod.on('close', () => finish(failed))
  stream.receive(
    chunk => void pod.write(chunk),
    () => void pod.end(),
  )
}

function explain(pod: string, port: number): Buffer {
  return Buffer.from(
    `error forwarding port ${port} to pod ${pod}: failed to connect to localhost:${port} inside namespace: connection refused`,
  )
}
