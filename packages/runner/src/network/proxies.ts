import { BlockList, isIP, isIPv6 } from 'node:net'
import { domainToASCII } from 'node:url'
import { UserError } from '../errors.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** The proxy that a request goes through. */
export type ProxyServer = {
  /** With its credentials, if it has any: never to be printed. */
  readonly url: string
  /** Without them. */
  readonly shown: string
  /** Who has named it, as its owner would look for it: `HTTPS_PROXY`. */
  readonly named: string
}

type Scheme = 'http' | 'https'

/**
 * The proxy that the variables want for a URL; undefined where the connection is to be direct, as it always is to loopback.
 * They mean what they mean to Go's programs, of which kops and karmadactl are two: `example.com` also stands for what is
 * below it, `.example.com` and `*.example.com` for that alone. Lower case wins over upper case. Throws a UserError where
 * a variable names no proxy that can be spoken to.
 */
export function proxyFor(env: Variables, url: string | URL): ProxyServer | undefined {
  const { protocol, hostname, port } = new URL(url)
  const scheme = protocol === 'http:' ? 'http' : 'https'
  const proxy = readProxy(env, scheme)
  if (proxy === undefined) return undefined
  const host = withoutBrackets(hostname)
  const exceptions = [...loopback, ...readExceptions(env)]
  const asked = { host, port: port || (scheme === 'http' ? '80' : '443') }
  return exceptions.some(exception => covers(exception, asked)) ? undefined : proxy
}

/** The variables for a child, in both cases and in words that Go's programs know; throws as `proxyFor`. */
export function proxyVariables(env: Variables): Record<string, string> {
  const exceptions = readExceptions(env).map(spell).join(',')
  const values = [
    ['HTTPS_PROXY', readProxy(env, 'https')?.url],
    ['HTTP_PROXY', readProxy(env, 'http')?.url],
    ['NO_PROXY', exceptions || undefined],
  ] as const
  return Object.fromEntries(
    values.flatMap(([name, value]) =>
      value === undefined
        ? []
        : [
            [name, value],
            [name.toLowerCase(), value],
          ],
    ),
  )
}

/** What no log may show of the proxies: user and password as they are written, as they are meant, and as they are sent. */
export function proxySecrets(env: Variables): string[] {
  const urls = (['https', 'http'] as const).flatMap(scheme => readProxy(env, scheme)?.url ?? [])
  return [...new Set(urls.flatMap(secretsOfUrl))]
}

/** A proxy that something else than a variable has named, as a kubeconfig does. */
export function namedProxy(url: string, named: string): ProxyServer {
  return { url, shown: withoutCredentials(url), named }
}

const leastSecret = 4

function secretsOfUrl(url: string): string[] {
  const written = /^\w+:\/\/(.*)@/.exec(url)?.[1] ?? ''
  const { username, password } = new URL(url)
  if (username === '' && password === '') return []
  const sent = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const all = [written, sent, password, decodeURIComponent(password), Buffer.from(sent).toString('base64')]
  return all.filter(secret => secret.length >= leastSecret)
}

function readProxy(env: Variables, scheme: Scheme): ProxyServer | undefined {
  const lower = `${scheme}_proxy`
  const named = env[lower] ? lower : lower.toUpperCase()
  const value = env[named]?.trim() ?? ''
  if (value === '') return undefined
  const url = value.includes('://') ? value : `http://${value}`
  const problem = problemOf(url)
  if (problem === undefined) return namedProxy(url, named)
  throw new UserError(`${named} ${problem}`, {
    fix: `Write it as http://[USER:PASSWORD@]HOST[:PORT], or with https://. In USER and PASSWORD, each of @ : / # ? % is percent-encoded.`,
  })
}

/** What is wrong with the address of a proxy; in words that show nothing of it but its scheme. */
function problemOf(url: string): string | undefined {
  try {
    const { protocol, username, password } = new URL(url)
    if (!/^https?:$/.test(protocol))
      return `names a proxy of the kind ${protocol}//, which is not spoken here`
    decodeURIComponent(username + password)
    return undefined
  } catch {
    return 'is not the address of a proxy'
  }
}

function withoutCredentials(url: string): string {
  return url.replace(/^(\w+:\/\/).*@/, '$1').replace(/\/$/, '')
}

/** `host` as it is compared: an address without brackets, a name in its ASCII form; `port` is '' for any. */
type Exception = { readonly host: string; readonly port: string; readonly prefix?: number }

const loopback: readonly Exception[] = [
  { host: 'localhost', port: '' },
  { host: '127.0.0.0', port: '', prefix: 8 },
  { host: '::1', port: '' },
]

function readExceptions(env: Variables): Exception[] {
  return (env.no_proxy || env.NO_PROXY || '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(readException)
}

function readException(entry: string): Exception {
  const [, network, length] = /^(.+)\/(\d{1,3})$/.exec(entry) ?? []
  const address = withoutBrackets(network ?? '')
  if (isIP(address) && Number(length) <= bitsOf(address))
    return { host: address, port: '', prefix: Number(length) }
  if (isIPv6(entry)) return { host: entry, port: '' }
  const [, host = entry, port = ''] = /^(\[.+\]|[^:]+)(?::(\d+))?$/.exec(entry) ?? []
  const bare = withoutBrackets(host)
  const [, before = '', name = ''] = /^(\*?\.)?(.*)$/.exec(bare) ?? []
  return { host: isIP(bare) ? bare : `${before && '.'}${domainToASCII(name) || name}`, port }
}

/** As Go reads it: it takes an address in brackets for a name where no port follows. */
function spell({ host, port, prefix }: Exception): string {
  if (prefix !== undefined) return `${host}/${prefix}`
  if (port === '') return host
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}

function covers({ host, port, prefix }: Exception, asked: { host: string; port: string }): boolean {
  if (port !== '' && port !== asked.port) return false
  if (host === '*') return true
  if (isIP(host)) return isIP(asked.host) !== 0 && holds(host, prefix ?? bitsOf(host), asked.host)
  return host.startsWith('.') ? asked.host.endsWith(host) : `.${asked.host}`.endsWith(`.${host}`)
}

function holds(network: string, prefix: number, address: string): boolean {
  const list = new BlockList()
  list.addSubnet(network, prefix, family(network))
  return list.check(address, family(address))
}

const family = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')
const bitsOf = (address: string) => (isIPv6(address) ? 128 : 32)
const withoutBrackets = (host: string) => host.replace(/^\[(.*)\]$/, '$1')
