import type { IncomingMessage } from 'node:http'
import { parse } from 'yaml'
import { decodeObject, protobufType, UnknownMessage } from '../protobuf/decode-object.ts'
import { badRequest, StatusError } from '../status-error.ts'

const largest = 3 * 1024 * 1024
const readable = /(^$|json|yaml)/

/** The media type without parameters. */
export function contentTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''
}

/** The parsed JSON, YAML or protobuf body; undefined for none. Throws 413 above 3 MiB, 415 for an unknown format, 400 for nonsense. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largest) {
      throw new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${largest}`)
    }
    chunks.push(chunk)
  }
  if (size === 0) return undefined
  const type = contentTypeOf(request)
  if (type === protobufType) return decodeProtobuf(Buffer.concat(chunks))
  if (!readable.test(type)) throw unknownFormat(['application/json', 'application/yaml'])
  const text = Buffer.concat(chunks).toString('utf8')
  try {
    return type.includes('yaml') ? parse(text) : JSON.parse(text)
  } catch (error) {
    throw badRequest(
      `couldn't parse the body of the request: ${error instanceof Error ? error.message : error}`,
    )
  }
}

function decodeProtobuf(body: Buffer): unknown {
  try {
    return decodeObject(body)
  } catch (error) {
    if (error instanceof UnknownMessage) throw unknownFormat(['application/json', 'application/yaml'])
    throw badRequest(
      `couldn't parse the body of the request: ${error instanceof Error ? error.message : error}`,
    )
  }
}

export function unknownFormat(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`
  return new StatusError(415, 'UnsupportedMediaType', message)
}
