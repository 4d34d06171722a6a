import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'

// Version 4 of the channel protocol: every message begins with its channel; two channels per port, data and error.
const protocol = 'v4.channel.k8s.io'
const dataChannel = 0
const errorChannel = 1

export type PortForwardTarget = { pod: string; port: number; connection: Duplex | undefined }
export type Upgrade = { request: IncomingMessage; socket: Duplex; head: Buffer }

const sockets = new WebSocketServer({
  noServer: true,
  handleProtocols: offered => (offered.has(protocol) ? protocol : false),
})

/** Whether the client speaks the one protocol that is served here. */
export function speaksChannels({ headers }: IncomingMessage): boolean {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map(name => name.trim())
  return headers.upgrade?.toLowerCase() === 'websocket' && offered.includes(protocol)
}

/** Joins a WebSocket to a connection to a pod. A pod that does not listen says so on the error channel. */
export function forwardPort({ request, socket, head }: Upgrade, target: PortForwardTarget): void {
  sockets.handleUpgrade(request, socket, head, channel => {
    channel.send(openingOf(dataChannel, target.port))
    channel.send(openingOf(errorChannel, target.port))
    if (target.connection) join(channel, target, target.connection)
    else refuse(channel, target)
  })
}

// The first message of a channel is its port, little-endian.
function openingOf(channel: number, port: number): Buffer {
  const message = Buffer.alloc(3)
  message.writeUInt8(channel)
  message.writeUInt16LE(port, 1)
  return message
}

function refuse(channel: WebSocket, { pod, port }: PortForwardTarget): void {
  const message = `error forwarding port ${port} to pod ${pod}: failed to connect to localhost:${port} inside namespace: connection refused`
  channel.send(Buffer.concat([Buffer.of(errorChannel), Buffer.from(message)]), () => channel.close())
}

function join(channel: WebSocket, target: PortForwardTarget, pod: Duplex): void {
  pod.on('data', chunk => channel.send(Buffer.concat([Buffer.of(dataChannel), chunk])))
  pod.on('error', () => refuse(channel, target))
  pod.on('close', () => channel.close())
  channel.on('message', data => {
    if (!Buffer.isBuffer(data)) return
    if (data[0] === dataChannel) pod.write(data.subarray(1))
  })
  channel.on('error', () => pod.destroy())
  channel.on('close', () => pod.destroy())
}
