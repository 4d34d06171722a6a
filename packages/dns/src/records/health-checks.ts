import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import type { LatencyRecord } from './latency-record.ts'

/** Ids of Route 53 health checks by region. */
export type HealthChecks = Readonly<Record<string, string>>

/** Stands for a record's having no health check. */
export const noHealthCheck = 'none'

/** The health checks that somebody has attached to the records of a group. */
export function healthChecksOf(group: readonly ResourceRecordSet[]): HealthChecks {
  return Object.fromEntries(
    group.flatMap(({ Region, HealthCheckId }) => (Region && HealthCheckId ? [[Region, HealthCheckId]] : [])),
  )
}

/** A record with the health check of its region. */
export function attach(record: LatencyRecord, checks: HealthChecks): LatencyRecord {
  const healthCheckId = Object.hasOwn(checks, record.region) ? checks[record.region] : undefined
  return healthCheckId === undefined || healthCheckId === noHealthCheck
    ? record
    : { ...record, healthCheckId }
}

/** All but those of some regions; undefined where none is left. */
export function without(checks: HealthChecks, regions: readonly string[]): HealthChecks | undefined {
  const left = Object.entries(checks).filter(([region]) => !regions.includes(region))
  return left.length > 0 ? Object.fromEntries(left) : undefined
}
