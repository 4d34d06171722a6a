import { isIP } from 'node:net'
import { type Endpoint, parseHostname } from '@meridian/dns'
import { type Parser, yamlOf } from '@meridian/runner'
import * as z from 'zod/mini'

const host = z.string('must be a host name')

/** What deploy-federated-app puts out; other fields of it are of no matter here. */
const entries = z.array(z.object({ region: z.string('must be a region'), hostname: host }))
const byRegion = z.record(z.string(), host)

/** Endpoints as a list of objects or as a map `region: hostname`, in YAML or JSON. */
export const endpoints: Parser<Endpoint[]> = raw => {
  const given = yamlOf(z.unknown())(raw)
  const pairs = Array.isArray(given)
    ? yamlOf(entries)(raw)
    : Object.entries(yamlOf(byRegion)(raw)).map(([region, hostname]) => ({ region, hostname }))
  return pairs.map(({ region, hostname }) => ({
    region: region.trim().toLowerCase(),
    hostname: parseTarget(region, hostname),
  }))
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
