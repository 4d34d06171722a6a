import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { normalizeName } from '../zone/name.ts'
import type { ReadRecordSet } from '../zone/unread-members.ts'

export type LatencyRecord = {
  readonly region: string
  readonly target: string
  /** The health check by which Route 53 passes over the record, whoever has attached it. */
  readonly healthCheckId?: string | undefined
} & (
  | { readonly kind: 'cname'; readonly ttl: number }
  | { readonly kind: 'alias'; readonly targetZoneId: string; readonly evaluateTargetHealth: boolean }
)

/** What is sent to Route 53 for a record. The region identifies it too: there is one record per region. */
export function toRecordSet(fqdn: string, record: LatencyRecord): ResourceRecordSet {
  const common = {
    Name: `${fqdn}.`,
    SetIdentifier: record.region,
    Region: record.region as ResourceRecordSet['Region'],
    ...(record.healthCheckId && { HealthCheckId: record.healthCheckId }),
  }
  if (record.kind === 'cname') {
    return { ...common, Type: 'CNAME', TTL: record.ttl, ResourceRecords: [{ Value: record.target }] }
  }
  const alias = {
    DNSName: `${record.target}.`,
    HostedZoneId: record.targetZoneId,
    EvaluateTargetHealth: record.evaluateTargetHealth,
  }
  return { ...common, Type: 'A', AliasTarget: alias }
}

/** A record set of a latency group as the record that it was made from. */
export function fromRecordSet(set: ResourceRecordSet): LatencyRecord {
  const { AliasTarget: alias, HealthCheckId } = set
  const place = {
    region: set.Region ?? '',
    target: targetOf(set),
    ...(HealthCheckId && { healthCheckId: HealthCheckId }),
  }
  return alias === undefined
    ? { ...place, kind: 'cname', ttl: set.TTL ?? 0 }
    : {
        ...place,
        kind: 'alias',
        targetZoneId: alias.HostedZoneId ?? '',
        evaluateTargetHealth: alias.EvaluateTargetHealth ?? false,
      }
}

const kept: ReadonlySet<string> = new Set<keyof ResourceRecordSet>([
  'Name',
  'Type',
  'SetIdentifier',
  'Region',
  'TTL',
  'ResourceRecords',
  'AliasTarget',
  'HealthCheckId',
])

/**
 * The members of a record set that would be lost if it were written anew: this release has no use for them, or the
 * SDK has not even read them.
 */
export function membersAtRisk({ unread = [], ...set }: ReadRecordSet): string[] {
  const present = Object.entries(set).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  return [...present.filter(name => !kept.has(name)), ...unread].sort()
}

/** Route 53 answers with it for a load balancer's alias; seconds. */
const aliasSeconds = 60

/** How long resolvers may remember the longest of some record sets, in seconds. */
export function longestTtl(sets: readonly ResourceRecordSet[]): number {
  return Math.max(0, ...sets.map(({ TTL }) => TTL ?? aliasSeconds))
}

/** Do two record sets say the same, whatever the case and final dot of their names? */
export function isSameRecordSet(left: ResourceRecordSet, right: ResourceRecordSet): boolean {
  return canonical(left) === canonical(right)
}

/** Where a record set leads: host names without trailing dot, addresses as they are, with blanks between several. */
export function targetOf(set: ResourceRecordSet): string {
  if (set.AliasTarget?.DNSName) return normalizeName(set.AliasTarget.DNSName)
  const values = (set.ResourceRecords ?? []).map(record => record.Value ?? '')
  return (set.Type === 'CNAME' ? values.map(normalizeName) : values).join(' ')
}

/** Is a record set of a latency group that is or could be ours: of the types that we write? */
export function isLatencyRecord(set: ResourceRecordSet): boolean {
  return set.Region !== undefined && (set.Type === 'A' || set.Type === 'CNAME')
}

/** The policy of a record set as Route 53's documentation calls it, for people; one that is unknown by its member. */
export function policyOf(set: ReadRecordSet): string {
  if (set.Region) return `latency ${set.Region}`
  if (set.Weight !== undefined) return `weighted ${set.Weight}`
  if (set.Failover) return `failover ${set.Failover}`
  if (set.GeoLocation) return 'geolocation'
  if (set.GeoProximityLocation) return 'geoproximity'
  if (set.CidrRoutingConfig) return 'IP-based'
  if (set.MultiValueAnswer) return 'multivalue'
  return membersAtRisk(set).join(' and ') || 'simple'
}

/** One line about a record set: `A alias while healthy latency us-east-1 → abc.us-east-1.elb.amazonaws.com`. */
export function describeRecordSet(set: ReadRecordSet): string {
  const identifier = set.SetIdentifier && set.SetIdentifier !== set.Region ? ` (${set.SetIdentifier})` : ''
  const health = set.AliasTarget?.EvaluateTargetHealth ? ' while healthy' : ''
  const kind = set.AliasTarget ? `alias${health}` : `${set.TTL ?? '?'} s`
  const check = set.HealthCheckId ? `, health check ${set.HealthCheckId}` : ''
  return `${set.Type} ${kind} ${policyOf(set)}${identifier} → ${targetOf(set)}${check}`
}

/** Every member counts, also those that are not known here. */
function canonical(set: ResourceRecordSet): string {
  const { Name, AliasTarget, ResourceRecords: _, ...rest } = set
  const members = {
    ...rest,
    name: normalizeName(Name ?? ''),
    target: targetOf(set),
    ...(AliasTarget && { zone: AliasTarget.HostedZoneId, health: AliasTarget.EvaluateTargetHealth === true }),
  }
  return JSON.stringify(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)))
}
