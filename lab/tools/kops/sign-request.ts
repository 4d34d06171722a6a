import { createHash, createHmac } from 'node:crypto'
import type { Credentials } from '../aws-credentials.ts'
import type { Sending } from '../send-request.ts'

export type Scope = { region: string; service: string }

/** What proxies and clients may change on the way is not signed. */
const unsigned = new Set(['content-type', 'content-length', 'user-agent', 'connection'])
const keys = new Map<string, Buffer>()

/** The headers of a request with its signature, version 4. `stamp` is the time as `20261126T022233Z`. */
export function signRequest(
  url: URL,
  { method = 'GET', headers = {}, body = '' }: Sending,
  { region, service }: Scope,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  stamp: string,
): Record<string, string> {
  const all: Record<string, string> = {
    ...headers,
    'x-amz-date': stamp,
    ...(sessionToken && { 'x-amz-security-token': sessionToken }),
    ...(service === 's3' && { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }),
  }
  const signed = { ...all, host: url.host }
  const names = Object.keys(signed)
    .filter(name => !unsigned.has(name))
    .toSorted()
  const canonical = [
    method,
    encodePath(url.pathname, service),
    encodeQuery(url.searchParams),
    ...names.map(name => `${name}:${signed[name as keyof typeof signed]?.replace(/\s+/g, ' ')}`),
    '',
    names.join(';'),
    all['x-amz-content-sha256'] ?? hash(body),
  ].join('\n')
  const scope = [stamp.slice(0, 8), region, service, 'aws4_request']
  const text = ['AWS4-HMAC-SHA256', stamp, scope.join('/'), hash(canonical)].join('\n')
  const signature = hmac(keyOf(secretAccessKey, scope), text).toString('hex')
  const parts = [`Credential=${accessKeyId}/${scope.join('/')}`, `SignedHeaders=${names.join(';')}`]
  return { ...all, authorization: `AWS4-HMAC-SHA256 ${[...parts, `Signature=${signature}`].join(', ')}` }
}

/** S3 signs a path as it is sent, the others sign it encoded once more. */
function encodePath(path: string, service: string): string {
  const steps = service === 's3' ? path.split('/').map(decodeURIComponent) : path.split('/')
  return steps.map(encode).join('/')
}

function encodeQuery(query: URLSearchParams): string {
  return [...query]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&')
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function keyOf(secret: string, scope: readonly string[]): Buffer {
  const name = [secret, ...scope].join(' ')
  const key = keys.get(name) ?? scope.reduce(hmac, Buffer.from(`AWS4${secret}`))
  keys.set(name, key)
  return key
}

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const hash = (text: string) => createHash('sha256').update(text).digest('hex')
