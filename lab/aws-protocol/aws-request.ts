import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
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
    body: await buffer(incoming),
    ...scope,
    account: accounts.of(scope.accessKey),
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
