import { AwsError, type AwsRequest, header } from '@meridian/lab-aws-protocol'

/** A body as the client meant it, and the headers that followed it as trailers. */
export type DecodedBody = { body: Buffer; trailers: Record<string, string> }

/**
 * Undoes `aws-chunked`: chunks of `<hex size>[;chunk-signature=…]`, a last one of size 0, then trailers
 * (SDKs send the checksum of a stream so).
 */
export function decodeBody(request: AwsRequest): DecodedBody {
  const signed = header(request, 'x-amz-content-sha256') ?? ''
  const encoded =
    header(request, 'content-encoding')?.includes('aws-chunked') || signed.startsWith('STREAMING-')
  return encoded ? decodeChunks(request.body) : { body: request.body, trailers: {} }
}

function decodeChunks(encoded: Buffer): DecodedBody {
  const chunks: Buffer[] = []
  let at = 0
  for (;;) {
    const line = encoded.indexOf('\r\n', at)
    const size = Number.parseInt(encoded.toString('latin1', at, line), 16)
    if (line < 0 || Number.isNaN(size))
      throw new AwsError(400, 'IncompleteBody', 'The request body terminated unexpectedly')
    at = line + 2
    if (size === 0)
      return { body: Buffer.concat(chunks), trailers: readTrailers(encoded.toString('latin1', at)) }
    chunks.push(encoded.subarray(at, at + size))
    at += size + 2
  }
}

function readTrailers(text: string): Record<string, string> {
  const lines = text.split('\r\n').filter(line => line.includes(':'))
  return Object.fromEntries(
    lines.map(line => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    }),
  )
}
