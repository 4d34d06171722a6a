import { type SigningScope, sha256, signatureOf } from '@meridian/lab-aws-protocol'
import type { Credentials } from '../aws-credentials.ts'
import type { Sending } from '../send-request.ts'

export type Scope = { region: string; service: string }

/** What proxies and clients may change on the way is not signed. */
const unsigned = new Set(['content-type', 'content-length', 'user-agent', 'connection'])

/** The headers of a request with its signature, version 4. `stamp` is the time as `20261126T022233Z`. */
export function signRequest(
  url: URL,
  { method = 'GET', headers: given = {}, body = '' }: Sending,
  { region, service }: Scope,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  stamp: string,
): Record<string, string> {
  const sent: Record<string, string> = {
    ...given,
    'x-amz-date': stamp,
    ...(sessionToken && { 'x-amz-security-token': sessionToken }),
    ...(service === 's3' && { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }),
  }
  const headers: Record<string, string> = { ...sent, host: url.host }
  const signedHeaders = Object.keys(headers)
    .filter(name => !unsigned.has(name))
    .toSorted()
  const payload = sent['x-amz-content-sha256'] ?? sha256(body)
  const scope: SigningScope = [stamp.slice(0, 8), region, service, 'aws4_request']
  const request = { method, path: url.pathname, query: url.searchParams, headers, signedHeaders, payload }
  const parts = [
    `Credential=${accessKeyId}/${scope.join('/')}`,
    `SignedHeaders=${signedHeaders.join(';')}`,
    `Signature=${signatureOf(request, secretAccessKey, scope, stamp)}`,
  ]
  return { ...sent, authorization: `AWS4-HMAC-SHA256 ${parts.join(', ')}` }
}
