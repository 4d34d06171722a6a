import { request } from 'node:http'
import { BlockList, isIP } from 'node:net'

type Variables = Readonly<Record<string, string | undefined>>

/**
 * The proxy that a program in Go takes for a URL (golang.org/x/net/http/httpproxy): upper case wins, only commas separate,
 * an address in brackets is none where no port follows, and loopback is always exempt.
 */
export function goProxy(env: Variables, url: URL): string | undefined {
  const any = (name: string) => env[name] || env[name.toLowerCase()] || undefined
  const secure = url.protocol === 'https:'
  const proxy = any(secure ? 'HTTPS_PROXY' : 'HTTP_PROXY')
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (!proxy || host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.')))
    return undefined
  const port = url.port || (secure ? '443' : '80')
  const entries = (any('NO_PROXY') ?? '').split(',').map(entry => entry.trim().toLowerCase())
  if (entries.some(entry => entry !== '' && isExempt(entry, host, port))) return undefined
  return /^(https?|socks5):\/\//.test(proxy) ? proxy : `http://${proxy}`
}

function isExempt(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  const [network = '', bits] = entry.split('/')
  if (bits !== undefined && isIP(network)) return isIP(host) !== 0 && inside(network, Number(bits), host)
  const [, bracketed, plain, wanted] = /^(?:\[(.+)\]|([^:]+)):(\d*)$/.exec(entry) ?? []
  const name = bracketed ?? plain ?? entry
  if (wanted && wanted !== port) return false
  if (isIP(name)) return isIP(host) !== 0 && inside(name, isIP(name) === 4 ? 32 : 128, host)
  const suffix = name.startsWith('*.') ? name.slice(1) : name
  return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`)
}

function inside(network: string, bits: number, host: string): boolean {
  const family = (address: string) => (isIP(address) === 4 ? 'ipv4' : 'ipv6')
  const list = new BlockList()
  list.addSubnet(network, bits, family(network))
  return list.check(host, family(host))
}

/** An error of the network in the words that Go has for it where a proxy was in between; its `code` stays. */
export function goProxyError(error: NodeJS.ErrnoException, proxy: string | undefined): Error {
  if (proxy === undefined) return error
  // Of the proxy's answer to CONNECT, Go tells the reason phrase alone.
  const refused =
    error.code === 'ERR_PROXY_TUNNEL' ? /HTTP\/1\.\d \d+ (.*)$/.exec(error.message)?.[1] : undefined
  const unreached = error.syscall === 'connect' || error.syscall === 'getaddrinfo'
  const words =
    refused ??
    (unreached ? `proxyconnect tcp: dial tcp ${new URL(proxy).host}: ${inGo(error)}` : error.message)
  return Object.assign(new Error(words, { cause: error }), { code: error.code })
}

function inGo({ code, syscall, message }: NodeJS.ErrnoException): string {
  if (syscall === 'getaddrinfo') return 'no such host'
  return code === 'ECONNREFUSED' ? 'connect: connection refused' : message
}

/** Asks a proxy for a tunnel, as `host:port`, and closes it again; rejects in Go's words where it gives none. */
export async function askForTunnel(proxy: string, authority: string): Promise<void> {
  const { hostname: host, port, username, password } = new URL(proxy)
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)
  const headers = username === '' ? {} : { 'proxy-authorization': `Basic ${credentials.toString('base64')}` }
  await new Promise<void>((resolve, reject) => {
    const asked = request({ method: 'CONNECT', host, port, path: authority, headers, agent: false })
    asked.on('connect', ({ statusCode, statusMessage }, socket) => {
      socket.destroy()
      if (statusCode === 200) resolve()
      else reject(new Error(statusMessage))
    })
    asked.on('error', error => reject(goProxyError(error, proxy)))
    asked.end()
  })
}
