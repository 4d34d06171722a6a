import { isIP, isIPv6 } from 'node:net'
import { parseHostname } from '@meridian/identity'

export type NameServer = { readonly host: string; readonly port: number }

const dnsPort = 53

/** Reads `host`, `host:port`, an address, or `[IPv6]:port`. Throws an Error whose message says what is allowed. */
export function parseNameServer(raw: string): NameServer {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^[\]:]+))(?::(\d{1,5}))?$/.exec(raw) ?? []
  const host = isIPv6(raw) ? raw : (bracketed ?? plain ?? '')
  const port = Number(digits ?? dnsPort)
  if (port < 1 || port > 65_535 || (bracketed !== undefined && !isIPv6(bracketed)))
    throw new Error(`names '${raw.slice(0, 80)}', which must be host[:port], such as 'ns-1.example.net:53'`)
  return { host: isIP(host) ? host : parseHostname(host), port }
}

/** `host:port`, or the host alone where the port is the usual one. */
export function describeNameServer({ host, port }: NameServer): string {
  if (port === dnsPort) return host
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}
