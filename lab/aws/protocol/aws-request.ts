import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { readScope, type Scope } from './credential-scope.ts'

/** One request as a service sees it. */
export type AwsRequest = Scope & {
  method: string
  /** Host without port. */
  host: string
  /** Still percent-encoded. */
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: Buffer
}

export type AwsAnswer = {
  status?: number
  headers?: Record<string, string>
  body?: string | Buffer
}

export async function readAwsRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  const [path = '/', search = ''] = splitOnce(incoming.url ?? '/', '?')
  const query = new URLSearchParams(search)
  return {
    method: incoming.method ?? 'GET',
    host: (incoming.headers.host ?? '').replace(/:\d+$/, ''),
    path,
    query,
    headers: incoming.headers,
    body: await buffer(incoming),
    ...readScope(incoming.headers.authorization, query),
  }
}

/** A header as one string; absent ones are undefined. */
export function header(request: AwsRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}
