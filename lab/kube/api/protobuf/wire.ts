/** A field on the wire: a number (varint) or bytes. */
export type WireField = { number: number; value: number | Buffer }

/** Takes a message apart, without knowing what its fields mean. Throws on wire types that Kubernetes never uses. */
export function readFields(bytes: Buffer): WireField[] {
  const fields: WireField[] = []
  let at = 0
  const varint = (): number => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) throw new Error('protobuf: unexpected end of message')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return Number(BigInt.asIntN(64, value))
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    const number = tag >>> 3
    const wireType = tag & 7
    if (wireType === 0) fields.push({ number, value: varint() })
    else if (wireType === 2) {
      const length = varint()
      if (length < 0 || at + length > bytes.length)
        throw new Error('protobuf: field is longer than its message')
      fields.push({ number, value: bytes.subarray(at, at + length) })
      at += length
    } else throw new Error(`protobuf: wire type ${wireType} is not used by Kubernetes`)
  }
  return fields
}
