export { type Applied, applyGroup, isSameChange, protectGroup, type Replan } from './apply-group.ts'
export { approvePlan, planDigest } from './approve-plan.ts'
export {
  type AliasZones,
  buildRecords,
  checkEndpoints,
  type Endpoint,
  type RecordOptions,
} from './build-records.ts'
export type { AskedFrom, CityAnswer } from './compare-answers.ts'
export {
  claimName,
  type EnvironmentClaim,
  hostInput,
  isSameClaim,
  planClaim,
  readClaims,
} from './environment-claim.ts'
export { findZone, readNameServers, seekZone, type Zone } from './find-zone.ts'
export { distanceBetween, findNearest, type Position } from './geography.ts'
export { type HealthChecks, noHealthCheck } from './health-checks.ts'
export {
  describeRecordSet,
  fromRecordSet,
  type LatencyRecord,
  longestTtl,
  policyOf,
  targetOf,
} from './latency-record.ts'
export { lookAndPlan } from './look-and-plan.ts'
export { displayName, isWithin, normalizeName, parseHostname, recordLabel } from './name.ts'
export { type NameServer, parseNameServer } from './name-server.ts'
export { readOwnerMark } from './owner-mark.ts'
export { judgeGroup, judgeObserved, type Naming } from './ownership.ts'
export type { Plan, PlanRow, Refusal } from './plan.ts'
export { type DesiredGroup, planGroup } from './plan-group.ts'
export { planOutage } from './plan-outage.ts'
export { planRemoval, type RemovalOptions } from './plan-removal.ts'
export { planReservation } from './plan-reservation.ts'
export { type Absence, proveAbsence } from './prove-absence.ts'
export { type ObservedGroup, readGroup } from './read-group.ts'
export {
  type GroupTarget,
  groupsLeadingTo,
  plainHostname,
  readGroups,
  recordsLeadingTo,
  type ZoneGroup,
} from './read-groups.ts'
export { retryReads } from './retry-reads.ts'
export type { Route53 } from './route53.ts'
export { type VantagePoint, worldVantagePoints } from './vantage-points.ts'
export { type Verification, verifyGroup } from './verify-group.ts'
export { type SyncState, waitInSync } from './wait-in-sync.ts'
export { zoneId } from './zone-id.ts'
