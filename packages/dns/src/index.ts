export {
  claimName,
  type EnvironmentClaim,
  hostInput,
  isSameClaim,
  planClaim,
  readClaims,
} from './ownership/environment-claim.ts'
export { judgeGroup, judgeObserved } from './ownership/judge-group.ts'
export { ownerRecordSet, readOwnerMark } from './ownership/owner-mark.ts'
export { approvePlan, planDigest } from './plan/approve-plan.ts'
export type { Plan, PlanRow } from './plan/plan.ts'
export { planGroup } from './plan/plan-group.ts'
export { planOutage } from './plan/plan-outage.ts'
export { planRemoval } from './plan/plan-removal.ts'
export { planReservation } from './plan/plan-reservation.ts'
export { lookAndPlan } from './plan/read-and-plan.ts'
export {
  buildRecords,
  type Endpoint,
} from './records/build-records.ts'
export type { HealthChecks } from './records/health-checks.ts'
export {
  describeRecordSet,
  fromRecordSet,
  type LatencyRecord,
  longestTtl,
  targetOf,
} from './records/latency-record.ts'
export type { Route53 } from './route53.ts'
export { askWhetherKnown } from './verify/ask-marks.ts'
export type { AskedFrom, CityAnswer } from './verify/compare-answers.ts'
export { findNearest } from './verify/geography.ts'
export { type NameServer, parseNameServer } from './verify/parse-name-server.ts'
export { proveAbsence } from './verify/prove-absence.ts'
export { worldVantagePoints } from './verify/vantage-points.ts'
export { type Verification, verifyGroup } from './verify/verify-group.ts'
export { type Applied, applyGroup, isSameChange, protectGroup, type Replan } from './zone/apply-group.ts'
export { findZone, readNameServers, seekZone, type Zone } from './zone/find-zone.ts'
export { displayName, isWithin } from './zone/name.ts'
export { paceRequests } from './zone/pace-requests.ts'
export { type ObservedGroup, readGroup } from './zone/read-group.ts'
export {
  groupsLeadingTo,
  plainHostname,
  readGroups,
  recordsLeadingTo,
  type ZoneGroup,
} from './zone/read-groups.ts'
export { spreadMilliseconds, waitInSync } from './zone/wait-in-sync.ts'
