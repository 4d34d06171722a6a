import { readStamp } from '@meridian/lab-aws-protocol'
import { domainsOf, type Partition, stsHosts } from './partitions.ts'

/** The request that a token stands for, which has kept all rules that can be checked without asking STS. */
export type SignedRequest = {
  host: string
  /** `global` for sts.amazonaws.com. */
  region: string
  query: URLSearchParams
}

/** Why a token is refused, as aws-iam-authenticator writes into its log; whoever has sent it hears Unauthorized. */
export class TokenRefusal extends Error {}

const prefix = 'k8s-aws-v1.'
const mostBytes = 4096
export const clusterHeader = 'x-k8s-aws-id'
const fifteenMinutes = 15 * 60_000

const parameters = new Set([
  'action',
  'version',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
])

/**
 * Reads a token by the rules of aws-iam-authenticator v0.7.10 (`Verify` in pkg/token/token.go), in their order and
 * words. Throws TokenRefusal.
 */
export function readToken(
  token: string,
  { partition, region }: { partition: Partition; region: string },
  now: number,
): SignedRequest {
  if (Buffer.byteLength(token) > mostBytes) throw badForm('token is too large')
  if (!token.startsWith(prefix)) throw badForm(`token is missing expected ${quote(prefix)} prefix`)
  const { scheme, host, path, search } = splitUrl(decode(token.slice(prefix.length)))
  if (scheme !== 'https') throw badForm(`unexpected scheme ${quote(scheme)} in pre-signed URL`)
  const hostRegion = regionOfHost(host)
  checkHost(host, hostRegion, partition, region)
  if (path !== '/') throw badForm('unexpected path in pre-signed URL')
  const query = readQuery(search)
  checkQuery(lowerCased(query), now)
  return { host, region: hostRegion, query }
}

const badForm = (words: string) => new TokenRefusal(`input token was not properly formatted: ${words}`)
const quote = (text: string) => JSON.stringify(text)

/** base64url that says no more and no less than it must: no padding, nothing beyond its alphabet. */
function decode(text: string): string {
  const wrong = /[^\w-]/.exec(text)?.index ?? (text.length % 4 === 1 ? text.length - 1 : -1)
  if (wrong >= 0) throw badForm(`illegal base64 data at input byte ${wrong}`)
  return Buffer.from(text, 'base64url').toString('utf8')
}

// Not by URL, which would mend ports, dots and letters before anybody sees them.
function splitUrl(text: string): { scheme: string; host: string; path: string; search: string } {
  const parts = /^(?:([a-z][a-z\d+.-]*):)?(?:\/\/(?:[^/?#]*@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?/i.exec(text)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  if (!parts || /[\x00-\x1f\x7f]/.test(text))
    throw badForm('parse: net/url: invalid control character in URL')
  const [, scheme = '', host = '', path = '', search = ''] = parts
  return { scheme: scheme.toLowerCase(), host, path, search }
}

function regionOfHost(host: string): string {
  if (host === 'sts.amazonaws.com') return 'global'
  const [, region, third] = host.split('.')
  if (region !== undefined && third !== undefined) return region
  const why = host === '' ? 'host is empty' : `invalid host format: ${host}`
  throw badForm(`could not parse region for pre-signed URL ${host}, ${why}`)
}

function checkHost(host: string, hostRegion: string, partition: Partition, ownRegion: string): void {
  if (hostRegion === 'global') {
    if (partition === 'aws') return
    throw badForm(`global endpoint unsupported in partition ${partition}`)
  }
  if (!/^[a-z\d]([a-z\d-]*[a-z\d])?$/i.test(hostRegion))
    throw badForm(`invalid region identifier format provided: ${hostRegion}`)
  const own = domainsOf(partition)
  if (!stsHosts(hostRegion).includes(host)) {
    // A region of which the SDK has not heard yet.
    if (own.some(domain => host === `sts.${ownRegion}.${domain}`)) return
    throw badForm(`unexpected hostname ${quote(host)} in pre-signed URL`)
  }
  if (!own.includes(host.split('.').slice(2).join('.')))
    throw badForm(`partition {${partition}} does not support hostname ${host}`)
}

function readQuery(search: string): URLSearchParams {
  if (/;|%(?![\da-f]{2})/i.test(search)) throw badForm('malformed query parameter')
  return new URLSearchParams(search)
}

function lowerCased(query: URLSearchParams): Record<string, string> {
  const names = [...new Set(query.keys())]
  const twice = names.find((name, at) =>
    names.slice(0, at).some(other => other.toLowerCase() === name.toLowerCase()),
  )
  if (twice !== undefined) throw badForm(`duplicate query parameter found: ${quote(twice)}`)
  for (const name of names) {
    if (!parameters.has(name.toLowerCase())) throw badForm(`non-whitelisted query parameter ${quote(name)}`)
    if (query.getAll(name).length > 1) throw badForm('query parameter with multiple values not supported')
  }
  return Object.fromEntries([...query].map(([name, value]) => [name.toLowerCase(), value]))
}

function checkQuery(query: Record<string, string>, now: number): void {
  if (query.action !== 'GetCallerIdentity') throw badForm('unexpected action parameter in pre-signed URL')
  const signed = (query['x-amz-signedheaders'] ?? '').toLowerCase().split(';')
  if (!signed.includes(clusterHeader))
    throw badForm(`client did not sign the ${clusterHeader} header in the pre-signed URL`)
  const text = query['x-amz-expires'] ?? ''
  const expires = /^[+-]?\d+$/.test(text) ? Number(text) : undefined
  if (expires === undefined || expires < 0 || expires > 900)
    throw badForm(`invalid X-Amz-Expires parameter in pre-signed URL: ${expires ?? 0}`)
  const date = query['x-amz-date'] ?? ''
  if (date === '') throw badForm('X-Amz-Date parameter must be present in pre-signed URL')
  const at = readStamp(date)
  if (Number.isNaN(at))
    throw badForm(`error parsing X-Amz-Date parameter ${date} into format 20060102T150405Z`)
  if (now > at + fifteenMinutes)
    throw badForm(`X-Amz-Date parameter is expired (15 minute expiration) ${new Date(at).toISOString()}`)
}
