import type { IncomingMessage } from 'node:http'
import { decodeObject, protobufType, UnknownMessage } from '../protobuf/decode-object.ts'
import { badRequest, StatusError } from '../status-error.ts'
import { parseYaml } from './parse-yaml.ts'
import { findRepeatedKeys } from './repeated-keys.ts'

const largest = 3 * 1024 * 1024
const readable = /(^$|json|yaml)/

/** The media type without parameters. */
export function contentTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''
}

export type Document = {
  body: unknown
  /** What a strict reader says of keys that stand twice in the same map. */
  repeated: readonly string[]
}

/** The parsed body alone; undefined for none. Throws as `readDocument`. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  return (await readDocument(request)).body
}

/** The parsed JSON, YAML or protobuf body. Throws 413 above 3 MiB, 415 for an unknown format, 400 for nonsense. */
export async function readDocument(request: IncomingMessage): Promise<Document> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largest) {
      throw new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${largest}`)
    }
    chunks.push(chunk)
  }
  if (size === 0) return { body: undefined, repeated: [] }
  const type = contentTypeOf(request)
  if (type === protobufType) return { body: decodeProtobuf(Buffer.concat(chunks)), repeated: [] }
  if (!readable.test(type)) throw unknownFormat(['application/json', 'application/yaml'])
  const text = Buffer.concat(chunks).toString('utf8')
  try {
    return type.includes('yaml') ? parseYaml(text) : parseJson(text)
  } catch (error) {
    throw badRequest(
      `couldn't parse the body of the request: ${error instanceof Error ? error.message : error}`,
    )
  }
}

function parseJson(text: string): Document {
  const body: unknown = JSON.parse(text)
  return { body, repeated: findRepeatedKeys(text).map(({ path }) => `duplicate field "${path}"`) }
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

/** 415, for a media type that the request may not have. */
export function unknownFormat(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`
  return new StatusError(415, 'UnsupportedMediaType', message)
}
