import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { normalizeName } from './name.ts'

export type LatencyRecord = { readonly region: string; readonly target: string } & (
  | { readonly kind: 'cname'; readonly ttl: number }
  | { readonly kind: 'alias'; readonly targetZoneId: string; readonly evaluateTargetHealth: boolean }
)

/** What is sent to Route 53 for a record. The region identifies it too: there is one record per region. */
export function toRecordSet(fqdn: string, record: LatencyRecord): ResourceRecordSet {
  const common = {
    Name: `${fqdn}.`,
    SetIdentifier: record.region,
    Region: record.region as ResourceRecordSet['Region'],
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
  const place = { region: set.Region ?? '', target: targetOf(set) }
  const { AliasTarget: alias } = set
  return alias === undefined
    ? { ...place, kind: 'cname', ttl: set.TTL ?? 0 }
    : {
        ...place,
        kind: 'alias',
        targetZoneId: alias.HostedZoneId ?? '',
        evaluateTargetHealth: alias.EvaluateTargetHealth ?? false,
      }
}

/** Do two record sets say the same, whatever the case and final dot of their names? */
export function isSameRecordSet(left: ResourceRecordSet, right: ResourceRecordSet): boolean {
  return canonical(left) === canonical(right)
}

export function targetOf(set: ResourceRecordSet): string {
  if (set.AliasTarget?.DNSName) return normalizeName(set.AliasTarget.DNSName)
  const values = (set.ResourceRecords ?? []).map(record => record.Value ?? '')
  return (set.Type === 'CNAME' ? values.map(normalizeName) : values).join(' ')
}

/** Is a record set of a latency group that is or could be ours: of the types that we write? */
export function isLatencyRecord(set: ResourceRecordSet): boolean {
  return set.Region !== undefined && (set.Type === 'A' || set.Type === 'CNAME')
}

/** The policy of a record set as Route 53's documentation calls it, for people. */
export function policyOf(set: ResourceRecordSet): string {
  if (set.Region) return `latency ${set.Region}`
  if (set.Weight !== undefined) return `weighted ${set.Weight}`
  if (set.Failover) return `failover ${set.Failover}`
  if (set.GeoLocation) return 'geolocation'
  if (set.GeoProximityLocation) return 'geoproximity'
  if (set.CidrRoutingConfig) return 'IP-based'
  if (set.MultiValueAnswer) return 'multivalue'
  return 'simple'
}

/** One line about a record set: `A alias while healthy latency us-east-1 → abc.us-east-1.elb.amazonaws.com`. */
export function describeRecordSet(set: ResourceRecordSet): string {
  const identifier = set.SetIdentifier && set.SetIdentifier !== set.Region ? ` (${set.SetIdentifier})` : ''
  const health = set.AliasTarget?.EvaluateTargetHealth ? ' while healthy' : ''
  const kind = set.AliasTarget ? `alias${health}` : `${set.TTL ?? '?'} s`
  return `${set.Type} ${kind} ${policyOf(set)}${identifier} → ${targetOf(set)}`
}

function canonical(set: ResourceRecordSet): string {
  const alias = set.AliasTarget && [
    set.AliasTarget.HostedZoneId,
    Boolean(set.AliasTarget.EvaluateTargetHealth),
  ]
  const name = normalizeName(set.Name ?? '')
  const rest = [set.HealthCheckId ?? null, set.TrafficPolicyInstanceId ?? null]
  return JSON.stringify([
    name,
    set.Type,
    set.SetIdentifier,
    policyOf(set),
    set.TTL ?? null,
    targetOf(set),
    alias ?? null,
    ...rest,
  ])
}
