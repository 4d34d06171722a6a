import type { IncomingMessage } from 'node:http'
import type { Accounts } from '@meridian/lab-world'
import { readScope, type Scope } from './credential-scope.ts'

/** One request as a service sees it. */
export type AwsRequest = Scope & {
  /** Of whoever asks. */
  account: string
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

/** Where something is looked for: nobody sees what is in another account. */
export type Place = Pick<AwsRequest, 'account' | 'region'>

/**
 * Reads a whole request: where it is signed for, in its header or its query, and whose account its key belongs to.
 */
export async function readAwsRequest(incoming: IncomingMessage, accounts: Accounts): Promise<AwsRequest> {
  const [path = '/', search = ''] = splitOnce(incoming.url ?? '/', '?')
  const query = new URLSearchParams(search)
  const scope = readScope(incoming.headers.authorization, query)
  return {
    method: incoming.method ?? 'GET',
    host: (incoming.headers.host ?? '').replace(/:\d+$/, ''),
    path,
    query,
    headers: incoming.headers,
    body: await readBody(incoming),
    ...scope,
    account: accounts.of(scope.accessKey),
  }
}

/** By events: what streams offer for it goes over a Blob, which takes longer than to answer most requests. */
function readBody(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.once('end', () => resolve(Buffer.concat(chunks)))
    incoming.once('error', reject)
  })
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
