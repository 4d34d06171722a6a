import { isIP } from 'node:net'
import type { Endpoint } from '@meridian/dns'
import { parseHostname } from '@meridian/identity'
import { type Parser, yamlOf } from '@meridian/runner'
import * as z from 'zod/mini'

const maxBytes = 64 * 1024

/** An endpoint, and how a browser speaks to it, where that is known. */
export type PageEndpoint = Endpoint & { readonly speaks?: Speaks }
export type Speaks = { readonly protocol: 'http' | 'https'; readonly port: number }

export const plainHttp: Speaks = { protocol: 'http', port: 80 }

/** `https://www.example.com`, with the port where it is not the usual one. */
export function originOf(fqdn: string, { protocol, port }: Speaks): string {
  return `${protocol}://${fqdn}${port === usualPorts[protocol][0] ? '' : `:${port}`}`
}

/** The name as a URL, as a browser speaks to all endpoints; by plain HTTP where they differ or do not tell. */
export function urlOf(fqdn: string, endpoints: readonly PageEndpoint[]): string {
  const origins = new Set(endpoints.map(({ speaks = plainHttp }) => originOf(fqdn, speaks)))
  const [only = originOf(fqdn, plainHttp)] = origins
  return origins.size > 1 ? originOf(fqdn, plainHttp) : only
}

const namedPort = z.object({
  port: z.number(),
  name: z.optional(z.string()),
  protocol: z.optional(z.string()),
})
type NamedPort = z.infer<typeof namedPort>
/** What deploy-federated-app puts out; other fields of it are of no matter here. */
const entries = z.array(
  z.object({
    region: z.string('must be a region'),
    hostname: z.string('must be a host name'),
    ports: z.optional(z.array(z.union([namedPort, z.number()]))),
  }),
)

/** Endpoints as a list of objects or as a map `region: hostname`, in YAML or JSON. */
export const endpoints: Parser<PageEndpoint[]> = raw => {
  if (Buffer.byteLength(raw) > maxBytes)
    throw new Error(`must be at most ${maxBytes / 1024} KiB: a name has one endpoint per region`)
  const given = yamlOf(z.unknown())(raw)
  const pairs = Array.isArray(given) ? yamlOf(entries)(raw) : readMap(given)
  return pairs.map(({ region, hostname, ports = [] }) => {
    const speaks = pageOf(ports.map(port => (typeof port === 'number' ? { port } : port)))
    return {
      region: region.trim().toLowerCase(),
      hostname: parseTarget(region, hostname),
      ...(speaks && { speaks }),
    }
  })
}

const usualPorts = { https: [443, 8443], http: [80, 8080] } as const

/** How a Service speaks HTTP, by the names and numbers that its ports have by convention; https before http. */
function pageOf(ports: readonly NamedPort[]): Speaks | undefined {
  for (const protocol of ['https', 'http'] as const) {
    const usual: readonly number[] = usualPorts[protocol]
    const found = ports.find(
      ({ port, name = '', protocol: transport = 'TCP' }) =>
        transport === 'TCP' && (name === protocol || name.startsWith(`${protocol}-`) || usual.includes(port)),
    )
    if (found) return { protocol, port: found.port }
  }
  return undefined
}

/** Reads a map by its own entries: a schema would pass over a key such as `__proto__`. */
function readMap(given: unknown): z.infer<typeof entries> {
  if (given === null || typeof given !== 'object')
    throw new Error('must be a list of {region, hostname}, or a map of region: hostname')
  return Object.entries(given).map(([region, hostname]: [string, unknown]) => {
    if (typeof hostname !== 'string') throw new Error(`${region}: must be a host name`)
    return { region, hostname }
  })
}

function parseTarget(region: string, hostname: string): string {
  const text = hostname.trim()
  try {
    const name = parseHostname(text)
    if (isIP(name) !== 0 || !name.includes('.'))
      throw new Error('must be a full host name, such as that of a load balancer')
    return name
  } catch (error) {
    throw new Error(
      `has the host name '${text.slice(0, 80)}' for ${region}, which ${(error as Error).message}`,
    )
  }
}
