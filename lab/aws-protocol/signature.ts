import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto'

/** What version 4 signs of a request: header names in lower case, `payload` the hash that stands for the body. */
export type Signable = {
  readonly method: string
  /** Percent-encoded, as it is sent. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly signedHeaders: readonly string[]
  readonly payload: string
}

/** `<date>/<region>/<service>/aws4_request` of a credential, in its parts. */
export type SigningScope = readonly [date: string, region: string, service: string, end: string]

const keys = new Map<string, KeyObject>()

/** The signature, version 4, of a request at a time such as `20261126T022233Z`: IAM User Guide, "Create a signed request". */
export function signatureOf(request: Signable, secret: string, scope: SigningScope, stamp: string): string {
  const canonical = [
    request.method,
    encodePath(request.path, scope[2]),
    encodeQuery(request.query),
    ...request.signedHeaders.map(
      name => `${name}:${(request.headers[name] ?? '').trim().replace(/\s+/g, ' ')}`,
    ),
    '',
    request.signedHeaders.join(';'),
    request.payload,
  ].join('\n')
  const text = ['AWS4-HMAC-SHA256', stamp, scope.join('/'), sha256(canonical)].join('\n')
  return hmac(keyOf(secret, scope), text).toString('hex')
}

/** In lower-case hex, as signatures have it. */
export const sha256 = (text: string | Buffer) => hash('sha256', text)

/** S3 signs a path as it is sent, the others sign it encoded once more. */
function encodePath(path: string, service: string): string {
  const steps = service === 's3' ? path.split('/').map(decodeURIComponent) : path.split('/')
  return steps.map(encode).join('/')
}

function encodeQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
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

function keyOf(secret: string, scope: SigningScope): KeyObject {
  const name = [secret, ...scope].join(' ')
  const known = keys.get(name)
  if (known) return known
  const key = createSecretKey(scope.reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`)))
  keys.set(name, key)
  return key
}

const hmac = (key: Buffer | KeyObject, text: string) => createHmac('sha256', key).update(text).digest()
