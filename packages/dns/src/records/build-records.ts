import { hostnameRegion, refuseRegion } from '@meridian/aws'
import { UserError } from '@meridian/runner'
import type { LatencyRecord } from './latency-record.ts'

export type Endpoint = { readonly region: string; readonly hostname: string }

/** The hosted zones that an alias to a load balancer of a region needs; where one is unknown there is no alias. */
export type AliasZones = Readonly<
  Record<
    string,
    { readonly elbZoneId?: string | undefined; readonly nlbZoneId?: string | undefined } | undefined
  >
>

export type RecordOptions = {
  /** `auto` makes aliases if every target can have one, CNAMEs otherwise: a latency group has one type. */
  readonly type: 'auto' | 'alias' | 'cname'
  readonly ttl: number
  readonly evaluateTargetHealth: boolean
  /** Is the name its zone's own? No CNAME can stand there. */
  readonly apex: boolean
}

/**
 * The latency records for some endpoints. Pure. Throws a UserError for what `checkEndpoints` finds, and where the
 * wanted type is not possible.
 */
export function buildRecords(
  endpoints: readonly Endpoint[],
  options: RecordOptions,
  zones: AliasZones,
): LatencyRecord[] {
  const aliases = endpoints.map(({ region, hostname }) => ({
    region,
    hostname,
    zoneId: aliasZone(hostname, zones),
  }))
  const without = aliases.filter(alias => alias.zoneId === undefined).map(alias => alias.hostname)
  const alias = options.type === 'alias' || (options.type === 'auto' && without.length === 0)
  if (alias && without.length > 0) {
    throw new UserError(
      `no alias can be made to ${without.join(', ')}: no load balancer with a known hosted zone`,
      {
        fix: 'Use type: auto or type: cname.',
        input: 'type',
      },
    )
  }
  if (!alias && options.apex) {
    throw new UserError('a CNAME cannot stand at the top of a hosted zone', {
      fix: 'Use a record name below the domain, or endpoints that are load balancers and type: alias.',
      input: options.type === 'cname' ? 'type' : 'record',
    })
  }
  return aliases.map(({ region, hostname, zoneId }) =>
    alias && zoneId !== undefined
      ? {
          kind: 'alias',
          region,
          target: hostname,
          targetZoneId: zoneId,
          evaluateTargetHealth: options.evaluateTargetHealth,
        }
      : { kind: 'cname', region, target: hostname, ttl: options.ttl },
  )
}

/** What is wrong with a list of endpoints, each as one sentence. Pure. */
export function checkEndpoints(endpoints: readonly Endpoint[], knownRegions: readonly string[]): string[] {
  const problems: string[] = []
  if (endpoints.length === 0)
    problems.push('must name at least one endpoint: an empty list never removes a name')
  if (endpoints.length > knownRegions.length)
    problems.push(`names ${endpoints.length} endpoints, but AWS has ${knownRegions.length} regions`)
  const known = new Set(knownRegions)
  const seen = new Map<string, string>()
  for (const { region, hostname } of endpoints) {
    const other = seen.get(region)
    if (other !== undefined) {
      problems.push(
        `has two endpoints in ${region} (${other} and ${hostname}): a latency group has one record per region`,
      )
    }
    seen.set(region, hostname)
    if (!known.has(region)) {
      const wrong = refuseRegion(region) ?? 'has no latency records'
      problems.push(`has an endpoint in '${region}', which ${wrong}`)
    }
    const own = hostnameRegion(hostname)?.region
    if (own !== undefined && own !== region) {
      problems.push(`says that ${hostname} is in ${region}, but its name says ${own}`)
    }
  }
  return problems
}

function aliasZone(hostname: string, zones: AliasZones): string | undefined {
  const balancer = hostnameRegion(hostname)
  if (balancer === undefined) return undefined
  const ids = Object.hasOwn(zones, balancer.region) ? zones[balancer.region] : undefined
  return balancer.kind === 'network' ? ids?.nlbZoneId : ids?.elbZoneId
}
