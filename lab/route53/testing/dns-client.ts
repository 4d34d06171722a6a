import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { decode, encode, type Packet, type PacketOpt, type RecordType } from 'dns-packet'

export type Reply = Packet & { rcode?: string; flag_aa?: boolean; flag_tc?: boolean }
export type Ask = { type?: RecordType; subnet?: string; payload?: number; edns?: boolean; version?: number }

/** A question as bytes; `subnet` is sent as client subnet, with the family that its form says. */
export function questionFor(
  name: string,
  { type = 'A', subnet, payload = 1232, edns = true, version = 0 }: Ask = {},
): Buffer {
  const [ip, length] = subnet?.split('/') ?? []
  const option = {
    code: 8,
    family: ip?.includes(':') ? 2 : 1,
    ip,
    sourcePrefixLength: Number(length),
  } as PacketOpt
  return encode({
    type: 'query',
    id: 4711,
    questions: [{ name, type, class: 'IN' }],
    additionals: edns
      ? [
          {
            type: 'OPT',
            name: '.',
            udpPayloadSize: payload,
            extendedRcode: 0,
            ednsVersion: version,
            flags: 0,
            flag_do: false,
            options: subnet === undefined ? [] : [option],
          },
        ]
      : [],
  })
}

export async function sendUdp(port: number, message: Buffer, milliseconds = 2000): Promise<Buffer> {
  const socket = createSocket('udp4')
  try {
    socket.send(message, port, '127.0.0.1')
    const [reply] = await once(socket, 'message', { signal: AbortSignal.timeout(milliseconds) })
    return reply
  } finally {
    socket.close()
  }
}

/** Sends the pieces one after the other and returns all that comes until the server is silent or closes. */
export async function sendTcp(port: number, ...pieces: Buffer[]): Promise<Buffer[]> {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  for (const piece of pieces) {
    socket.write(piece)
    await new Promise(resolve => setImmediate(resolve))
  }
  socket.end()
  const received = Buffer.from(await text(socket.setEncoding('latin1')), 'latin1')
  const messages: Buffer[] = []
  for (let at = 0; at + 2 <= received.length; ) {
    const end = at + 2 + received.readUInt16BE(at)
    messages.push(received.subarray(at + 2, end))
    at = end
  }
  return messages
}

export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

export function replyOf(message: Buffer): Reply {
  return decode(message) as Reply
}
