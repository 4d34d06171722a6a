import { type AwsRequest, header } from '@meridian/lab-aws-protocol'
import { md5, verifyChecksums } from './checksums.ts'
import { decodeBody } from './decode-body.ts'

export type ReceivedObject = { body: Buffer; etag: string; headers: Record<string, string> }

/** The decoded and verified body of an upload with the headers that are kept beside it. */
export function receiveObject(request: AwsRequest): ReceivedObject {
  const { body, trailers } = decodeBody(request)
  const names = Object.keys(request.headers)
  const sent = Object.fromEntries(names.map(name => [name, header(request, name)]))
  verifyChecksums(body, { ...sent, ...trailers })
  const headers: Record<string, string> = { ...keptHeaders(sent), ...keptHeaders(trailers) }
  return { body, etag: `"${md5(body).toString('hex')}"`, headers }
}

/** Those of an upload's headers that S3 keeps and sends with the object. */
export function keptHeaders(all: Record<string, string | undefined>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(all)) {
    const keeps = /^(content-type|cache-control|x-amz-meta-.*|x-amz-checksum-(crc|sha).*)$/.test(name)
    if (value !== undefined && keeps) kept[name] = value
  }
  return kept
}
