import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { type Answer, AUTHORITATIVE_ANSWER, type DecodedPacket, decode, encode } from 'dns-packet'

export type Transport = 'udp' | 'tcp'
type Reply = {
  answers?: Answer[]
  authorities?: Answer[]
  additionals?: Answer[]
  flags?: number
  /** Whether it speaks with authority, as it does by default. */
  authority?: boolean
  id?: number
  name?: string
}
/** Decides the reply to a query: bytes as they stand, parts of a message, or silence. */
export type Answerer = (query: DecodedPacket, over: Transport) => Reply | Buffer | undefined

/** A name server on loopback, over UDP and TCP on one port, that answers as it is told to. */
export async function serveDns(answerer: Answerer) {
  const udp = createSocket('udp4')
  const sockets = new Set<Socket>()
  const queries: { query: DecodedPacket; over: Transport }[] = []
  const reply = (message: Buffer, over: Transport) => {
    const query = decode(message)
    queries.push({ query, over })
    const said = answerer(query, over)
    return Buffer.isBuffer(said) || said === undefined ? said : compose(query, said)
  }
  udp.on('message', (message, from) => {
    const said = reply(message, 'udp')
    if (said) udp.send(said, from.port, from.address)
  })
  const tcp = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', data => {
      const said = reply(data.subarray(2), 'tcp')
      if (!said) return void socket.end()
      const length = Buffer.alloc(2)
      length.writeUInt16BE(said.length)
      // In two parts, as a network may deliver it.
      socket.write(Buffer.concat([length, said.subarray(0, 9)]))
      socket.write(said.subarray(9))
    })
  })
  const port = await listenOnOnePort(tcp, udp)
  return {
    server: { host: '127.0.0.1', port },
    queries,
    [Symbol.asyncDispose]: async () => {
      udp.close()
      for (const socket of sockets) socket.destroy()
      tcp.close()
    },
  }
}

/** TCP gets any free port; UDP may find the same one taken, which is tried anew. */
async function listenOnOnePort(tcp: Server, udp: UdpSocket): Promise<number> {
  for (;;) {
    tcp.listen(0, '127.0.0.1')
    await once(tcp, 'listening')
    const { port } = tcp.address() as AddressInfo
    try {
      udp.bind(port, '127.0.0.1')
      await once(udp, 'listening')
      return port
    } catch {
      await new Promise(resolve => tcp.close(resolve))
    }
  }
}

function compose(query: DecodedPacket, reply: Reply): Buffer {
  const { answers = [], authorities = [], additionals = [], flags = 0, authority = true, id, name } = reply
  return encode({
    type: 'response',
    id: id ?? query.id,
    flags: (authority ? AUTHORITATIVE_ANSWER : 0) | flags,
    questions: (query.questions ?? []).map(question => ({ ...question, name: name ?? question.name })),
    answers,
    authorities,
    additionals,
  })
}
