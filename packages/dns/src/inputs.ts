// What inputs are read with: an action reads them before it loads anything else.
export { checkEndpoints } from './records/build-records.ts'
export { noHealthCheck } from './records/health-checks.ts'
export { latencyRegions } from './records/latency-regions.ts'
export { parseNameServer } from './verify/parse-name-server.ts'
export { checkRecord, isWithin, recordLabel } from './zone/name.ts'
export { zoneId } from './zone/zone-id.ts'
