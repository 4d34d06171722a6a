import { AwsError } from '@meridian/lab-aws-protocol'
import type { HealthChecks } from './health-checks.ts'
import type { Result } from './operation.ts'
import type { Zone, Zones } from './zones.ts'

/** The quotas of a new account (developer guide, "Quotas"). */
const accountLimits: Record<string, number> = {
  MAX_HEALTH_CHECKS_BY_OWNER: 200,
  MAX_HOSTED_ZONES_BY_OWNER: 500,
  MAX_REUSABLE_DELEGATION_SETS_BY_OWNER: 100,
  MAX_TRAFFIC_POLICIES_BY_OWNER: 50,
  MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER: 5,
}
const zoneLimits: Record<string, number> = { MAX_RRSETS_BY_ZONE: 10_000, MAX_VPCS_ASSOCIATED_BY_ZONE: 300 }

/** One of an account's limits, and how much of it is used. */
export function getAccountLimit(zones: Zones, checks: HealthChecks, type: string): Result {
  const counts: Record<string, number> = {
    MAX_HEALTH_CHECKS_BY_OWNER: checks.list().length,
    MAX_HOSTED_ZONES_BY_OWNER: zones.list().length,
  }
  return describe(accountLimits, type, counts[type])
}

/** One of a zone's limits, and how much of it is used; that of VPCs is refused for a public zone. */
export function getHostedZoneLimit(zone: Zone, type: string): Result {
  if (type === 'MAX_VPCS_ASSOCIATED_BY_ZONE' && !zone.private) {
    throw new AwsError(400, 'HostedZoneNotPrivate', 'The specified hosted zone is a public hosted zone.')
  }
  return describe(zoneLimits, type, type === 'MAX_RRSETS_BY_ZONE' ? zone.records.size : undefined)
}

function describe(limits: Record<string, number>, type: string, count = 0): Result {
  const limit = limits[type]
  if (limit !== undefined) return { Limit: { Type: type, Value: limit }, Count: count }
  throw new AwsError(
    400,
    'InvalidInput',
    `1 validation error detected: Value '${type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [${Object.keys(limits).join(', ')}]`,
  )
}
