import { credentialSource } from '../aws-credentials.ts'
import type { Environment } from '../command.ts'
import { ToolError } from '../terminal.ts'
import type { Cluster } from './cluster-object.ts'
import { fetchSigned } from './fetch-signed.ts'
import { userAgentOf } from './state-store.ts'

/** The address that kops writes before anything listens, from the range for documentation. */
export const placeholder = '203.0.113.123'

/** The records of a cluster with public DNS, in its hosted zone. */
export type DnsRecords = {
  /** The addresses of a name; [] if it has none. */
  read(name: string): Promise<string[]>
  create(name: string, address: string, ttl: number): Promise<void>
  /** Deletes all A records of a name. */
  remove(name: string): Promise<void>
}

/** The names that kops creates for a cluster with public DNS. */
export function recordNames(cluster: string): string[] {
  return [`api.${cluster}`, `api.internal.${cluster}`, `kops-controller.internal.${cluster}`]
}

/** Finds the cluster's hosted zone. Throws `ToolError` if there is none, or more than one. */
export async function openDns(env: Environment, cluster: Cluster): Promise<DnsRecords> {
  const call = connect(env)
  const zone = await findZone(call, cluster)

  async function find(name: string): Promise<{ xml: string; addresses: string[] } | undefined> {
    const query = new URLSearchParams({ name: `${name}.`, type: 'A', maxitems: '1' })
    const text = await call('GET', `/hostedzone/${zone}/rrset?${query}`)
    const xml = /<ResourceRecordSet>.*?<\/ResourceRecordSet>/s.exec(text)?.[0]
    if (!xml || !/<Type>A<\/Type>/.test(xml) || !xml.includes(`<Name>${name}.</Name>`)) return undefined
    return { xml, addresses: [...xml.matchAll(/<Value>([^<]*)<\/Value>/g)].map(([, value = '']) => value) }
  }
  const change = (action: string, record: string) =>
    call('POST', `/hostedzone/${zone}/rrset`, batch(action, record))

  return {
    read: async name => (await find(name))?.addresses ?? [],
    async create(name, address, ttl) {
      const value = `<ResourceRecords><ResourceRecord><Value>${address}</Value></ResourceRecord></ResourceRecords>`
      await change(
        'UPSERT',
        `<ResourceRecordSet><Name>${name}.</Name><Type>A</Type><TTL>${ttl}</TTL>${value}</ResourceRecordSet>`,
      )
    },
    async remove(name) {
      const found = await find(name)
      if (found) await change('DELETE', found.xml)
    },
  }
}

type Route53Call = (method: string, path: string, body?: string) => Promise<string>

function connect(env: Environment): Route53Call {
  const endpoint = env.AWS_ENDPOINT_URL_ROUTE_53 ?? env.AWS_ENDPOINT_URL ?? 'https://route53.amazonaws.com'
  const credentials = credentialSource(env, endpoint)
  const signer = { credentials, region: 'us-east-1', service: 'route53', retries: 5 }
  return async (method, path, body) => {
    const headers = { 'user-agent': userAgentOf(env), ...(body && { 'content-type': 'application/xml' }) }
    const url = `${endpoint.replace(/\/$/, '')}/2013-04-01${path}`
    const response = await fetchSigned(signer, url, { method, headers, ...(body && { body }) })
    const text = await response.text()
    if (response.ok) return text
    const code = /<Code>([^<]*)</.exec(text)?.[1] ?? 'UnknownError'
    throw new ToolError(
      `operation error Route 53: https response error StatusCode: ${response.status}, api error ${code}: ${/<Message>([^<]*)</.exec(text)?.[1] ?? ''}`,
    )
  }
}

async function findZone(call: Route53Call, cluster: Cluster): Promise<string> {
  const zones = [...(await call('GET', '/hostedzone')).matchAll(/<HostedZone>(.*?)<\/HostedZone>/gs)].map(
    ([, xml = '']) => ({
      id: /<Id>(?:\/hostedzone\/)?([^<]*)</.exec(xml)?.[1] ?? '',
      name: (/<Name>([^<]*)</.exec(xml)?.[1] ?? '').replace(/\.$/, ''),
    }),
  )
  const { name } = cluster.metadata
  const given = cluster.spec.dnsZone
  const wanted = zones.filter(zone =>
    given === undefined
      ? name.endsWith(`.${zone.name}`)
      : zone.id === given || zone.name === given.replace(/\.$/, ''),
  )
  const longest = Math.max(...wanted.map(zone => zone.name.length))
  const found = wanted.filter(zone => zone.name.length === longest)
  const [zone] = found
  if (!zone) {
    throw new ToolError(
      `cannot find DNS Zone ${JSON.stringify(given ?? name)}.  Please pre-create the zone and set up NS records so that it resolves`,
    )
  }
  if (found.length > 1)
    throw new ToolError(`found multiple DNS Zones matching ${JSON.stringify(given ?? zone.name)}`)
  return zone.id
}

function batch(action: string, record: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes><Change><Action>${action}</Action>${record}</Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`
}
