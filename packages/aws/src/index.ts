export { type AvailabilityZone, availabilityZones } from './availability-zones.ts'
export { type AwsInputs, accountId, awsInputs } from './aws-inputs.ts'
export { route53, s3, sts } from './clients.ts'
export { type Aws, type AwsJob, connectAws } from './connect.ts'
export {
  errorCode,
  explainAws,
  isAccessDenied,
  isConflict,
  isNotFound,
  isThrottling,
  isUnreachable,
} from './errors.ts'
export { explainRefusals } from './explain-refusals.ts'
export { zonesOffering } from './instance-types.ts'
export { ForeignAnswerError } from './own-answer.ts'
export {
  childOf,
  filterParameters,
  itemsOf,
  type QueryService,
  query,
  queryEc2,
  queryPages,
  tagsOf,
  textOf,
  type Xml,
} from './query-api.ts'
export {
  checkRegions,
  findRegion,
  hostnameRegion,
  type Region,
  type RegionName,
  refuseRegion,
  regions,
} from './regions.ts'
export { type SignedService, sendSigned } from './signed-request.ts'
