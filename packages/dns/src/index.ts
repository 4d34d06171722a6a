export {
  claimName,
  type EnvironmentClaim,
  hostInput,
  isSameClaim,
  planClaim,
  readClaims,
} from './ownership/environment-claim.ts'
export { judgeGroup, judgeObserved, type Naming } from './ownership/judge-group.ts'
export { readOwnerMark } from './ownership/owner-mark.ts'
export { approvePlan, planDigest } from './plan/approve-plan.ts'
export type { Plan, PlanRow, Refusal } from './plan/plan.ts'
export { type DesiredGroup, planGroup } from './plan/plan-group.ts'
export { planOutage } from './plan/plan-outage.ts'
export { planRemoval, type RemovalOptions } from './plan/plan-removal.ts'
export { planReservation } from './plan/plan-reservation.ts'
export { lookAndPlan } from './plan/read-and-plan.ts'
export {
  type AliasZones,
  buildRecords,
  checkEndpoints,
  type Endpoint,
  type RecordOptions,
} from './records/build-records.ts'
export { type HealthChecks, noHealthCheck } from './records/health-checks.ts'
export {
  describeRecordSet,
  fromRecordSet,
  type LatencyRecord,
  longestTtl,
  policyOf,
  targetOf,
} from './records/latency-record.ts'
export type { Route53 } from './route53.ts'
export type { AskedFrom, CityAnswer } from './verify/compare-answers.ts'
export { distanceBetween, findNearest, type Position } from './verify/geography.ts'
export { type NameServer, parseNameServer } from './verify/parse-name-server.ts'
export { type Absence, proveAbsence } from './verify/prove-absence.ts'
export { type VantagePoint, worldVantagePoints } from './verify/vantage-points.ts'
export { type Verification, verifyGroup } from './verify/verify-group.ts'
export { type Applied, applyGroup, isSameChange, protectGroup, type Replan } from './zone/apply-group.ts'
export { findZone, readNameServers, seekZone, type Zone } from './zone/find-zone.ts'
export { checkRecord, displayName, isWithin, normalizeName, parseHostname, recordLabel } from './zone/name.ts'
export { type ObservedGroup, readGroup } from './zone/read-group.ts'
export {
  type GroupTarget,
  groupsLeadingTo,
  plainHostname,
  readGroups,
  recordsLeadingTo,
  type ZoneGroup,
} from './zone/read-groups.ts'
export { retryReads } from './zone/retry-reads.ts'
export { type SyncState, waitInSync } from './zone/wait-in-sync.ts'
export { zoneId } from './zone/zone-id.ts'
