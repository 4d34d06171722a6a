export { type AnswerState, brokenAnswers, type Targets } from './answer-history.ts'
export { applyBatch } from './apply-batch.ts'
export { type Route53Handles, route53Handles } from './handles.ts'
export { createHealthChecks, type HealthCheck, type HealthChecks } from './health-checks.ts'
export { publishedRecords } from './published-records.ts'
export {
  type RequestFailure,
  type RequestPlan,
  type Route53Options,
  type Route53Server,
  type ServedRequest,
  startRoute53,
} from './server.ts'
export { createRoute53 } from './service.ts'
export { createZones, type Zone, type ZoneOptions, type Zones } from './zones.ts'
