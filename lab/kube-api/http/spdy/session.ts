import type { Duplex } from 'node:stream'
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib'
import { headerDictionary } from './dictionary.ts'
import {
  controlFrame,
  dataFrame,
  type Frame,
  finFlag,
  frameTypes,
  readHeaders,
  takeFrames,
} from './frames.ts'

/** A stream that the client has opened. */
export type SpdyStream = {
  headers: ReadonlyMap<string, string>
  send(data: Buffer): void
  /** Sends the last data; the client may still send. */
  end(data?: Buffer): void
  /** Replaces whoever receives what the client sends. */
  receive(data: (chunk: Buffer) => void, ended: () => void): void
}

type Receiver = { data(chunk: Buffer): void; ended(): void }

/** Serves SPDY/3.1 on a connection: answers every stream that the client opens, and pings. No flow control. */
export function serveSpdy(connection: Duplex, accept: (stream: SpdyStream) => void): void {
  const inflate = createInflate({ dictionary: headerDictionary, finishFlush: constants.Z_SYNC_FLUSH })
  const deflate = createDeflate({ dictionary: headerDictionary })
  const receivers = new Map<number, Receiver>()
  let rest: Buffer = Buffer.alloc(0)
  // Header blocks share one compression, so frames are looked at one after the other.
  let turn: Promise<unknown> = Promise.resolve()

  async function open(payload: Buffer, flags: number): Promise<void> {
    const id = payload.readUInt32BE(0)
    const headers = readHeaders(await pass(inflate, payload.subarray(10)))
    const noHeaders = await pass(deflate, Buffer.alloc(4))
    connection.write(controlFrame(frameTypes.synReply, Buffer.concat([payload.subarray(0, 4), noHeaders])))
    accept({
      headers,
      send: data => void connection.write(dataFrame(id, data)),
      end: (data = Buffer.alloc(0)) => void connection.write(dataFrame(id, data, finFlag)),
      receive: (data, ended) => void receivers.set(id, { data, ended }),
    })
    if (flags & finFlag) receivers.get(id)?.ended()
  }

  async function look(frame: Frame): Promise<void> {
    const { payload, flags } = frame
    if (frame.kind === 'data') {
      const receiver = receivers.get(frame.stream)
      if (payload.length > 0) receiver?.data(payload)
      if (flags & finFlag) receiver?.ended()
    } else if (frame.type === frameTypes.synStream) await open(payload, flags)
    else if (frame.type === frameTypes.ping) connection.write(controlFrame(frameTypes.ping, payload))
    else if (frame.type === frameTypes.reset) receivers.get(payload.readUInt32BE(0))?.ended()
    else if (frame.type === frameTypes.goAway) connection.end()
  }

  connection.on('data', (chunk: Buffer) => {
    const taken = takeFrames(Buffer.concat([rest, chunk]))
    rest = taken.rest
    for (const frame of taken.frames) turn = turn.then(() => look(frame)).catch(() => connection.destroy())
  })
  connection.on('error', () => connection.destroy())
  connection.on('close', () => {
    for (const { ended } of receivers.values()) ended()
    inflate.destroy()
    deflate.destroy()
  })
}

/** One block through a compression whose state goes on. */
function pass(through: Inflate | Deflate, block: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    through.once('error', reject)
    through.write(block)
    through.flush(constants.Z_SYNC_FLUSH, () => {
      through.off('error', reject)
      resolve(through.read() ?? Buffer.alloc(0))
    })
  })
}
