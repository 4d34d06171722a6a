/** A frame of SPDY/3.1: of control with its type, or of data on a stream. */
export type Frame =
  | { kind: 'control'; type: number; flags: number; payload: Buffer }
  | { kind: 'data'; stream: number; flags: number; payload: Buffer }

export const frameTypes = { synStream: 1, synReply: 2, reset: 3, ping: 6, goAway: 7 } as const
/** The sender says no more on the stream. */
export const finFlag = 1

const headLength = 8
const version = 3
const controlBit = 0x8000

/** Takes whole frames out of a growing buffer; what is left belongs to the next one. */
export function takeFrames(buffer: Buffer): { frames: Frame[]; rest: Buffer } {
  const frames: Frame[] = []
  let rest = buffer
  while (rest.length >= headLength) {
    const end = headLength + rest.readUIntBE(5, 3)
    if (rest.length < end) break
    frames.push(readFrame(rest.subarray(0, end)))
    rest = rest.subarray(end)
  }
  return { frames, rest }
}

function readFrame(bytes: Buffer): Frame {
  const flags = bytes.readUInt8(4)
  const payload = bytes.subarray(headLength)
  if ((bytes.readUInt16BE(0) & controlBit) === 0) {
    return { kind: 'data', stream: bytes.readUInt32BE(0), flags, payload }
  }
  return { kind: 'control', type: bytes.readUInt16BE(2), flags, payload }
}

/** A frame that opens, answers or ends streams, or asks for a sign of life; without flags. */
export function controlFrame(type: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(headLength)
  head.writeUInt16BE(controlBit | version, 0)
  head.writeUInt16BE(type, 2)
  head.writeUIntBE(payload.length, 5, 3)
  return Buffer.concat([head, payload])
}

/** Bytes of one stream; flag 1 ends its direction. */
export function dataFrame(stream: number, payload: Buffer, flags = 0): Buffer {
  const head = Buffer.alloc(headLength)
  head.writeUInt32BE(stream, 0)
  head.writeUInt8(flags, 4)
  head.writeUIntBE(payload.length, 5, 3)
  return Buffer.concat([head, payload])
}

/** The names and values of an uncompressed header block. */
export function readHeaders(block: Buffer): Map<string, string> {
  const headers = new Map<string, string>()
  let at = 4
  const text = () => {
    const end = at + 4 + block.readUInt32BE(at)
    const found = block.toString('latin1', at + 4, end)
    at = end
    return found
  }
  for (let left = block.readUInt32BE(0); left > 0; left -= 1) headers.set(text(), text())
  return headers
}
