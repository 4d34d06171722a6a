import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { Asker } from './answer-packet.ts'

export type NameServer = { address: string; port: number; close(): Promise<void> }
/** Answers one message; undefined is silence. */
export type AnswerMessage = (message: Buffer, asker: Asker) => Buffer | undefined

const address = '127.0.0.1'
const attempts = 10
const idleMilliseconds = 10_000

/** Answers DNS on one port of loopback, over UDP and TCP; on any free one where `port` is 0. */
export async function openNameServer(answer: AnswerMessage, port = 0): Promise<NameServer> {
  for (let attempt = 1; ; attempt += 1) {
    const udp = createSocket('udp4')
    udp.bind(port, address)
    await once(udp, 'listening')
    const tcp = createServer()
    const { port: chosen } = udp.address()
    try {
      tcp.listen(chosen, address)
      await once(tcp, 'listening')
    } catch (error) {
      udp.close()
      // The port that UDP was given at random may be in use over TCP.
      if (port === 0 && attempt < attempts) continue
      throw error
    }
    serveUdp(udp, answer)
    return { address, port: chosen, close: serveTcp(tcp, udp, answer) }
  }
}

function serveUdp(udp: UdpSocket, answer: AnswerMessage): void {
  // A client that has gone away is no error of the server.
  udp.on('error', () => {})
  udp.on('message', (message, { address, port }) => {
    const reply = answer(message, { address, transport: 'udp' })
    if (reply) udp.send(reply, port, address)
  })
}

/** Returns what closes the server with all its connections, and UDP with it. */
function serveTcp(tcp: Server, udp: UdpSocket, answer: AnswerMessage): () => Promise<void> {
  const sockets = new Set<Socket>()
  tcp.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serveConnection(socket, answer)
  })
  return async () => {
    for (const socket of sockets) socket.destroy()
    const closed = [once(tcp, 'close'), once(udp, 'close')]
    tcp.close()
    udp.close()
    await Promise.all(closed)
  }
}

// RFC 1035, section 4.2.2: each message is preceded by its length in two bytes, and may arrive in pieces.
function serveConnection(socket: Socket, answer: AnswerMessage): void {
  let received = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.setTimeout(idleMilliseconds, () => socket.destroy())
  socket.on('data', piece => {
    received = Buffer.concat([received, piece])
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0)
      const reply = answer(received.subarray(2, end), {
        address: socket.remoteAddress ?? address,
        transport: 'tcp',
      })
      received = received.subarray(end)
      if (!reply) return void socket.destroy()
      const length = Buffer.alloc(2)
      length.writeUInt16BE(reply.length)
      socket.write(Buffer.concat([length, reply]))
    }
  })
}
