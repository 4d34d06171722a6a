export { type AvailabilityZone, availabilityZones } from './availability-zones.ts'
export { type AwsInputs, accountId, awsInputs } from './aws-inputs.ts'
export { route53, s3, sts } from './clients.ts'
export { type Aws, type AwsJob, connectAws } from './connect.ts'
export {
  AbsentClusterError,
  accessCommands,
  describeEks,
  type EksCluster,
  explainSilence,
  judgeEks,
} from './eks-cluster.ts'
export { type EksPlace, eksToken } from './eks-token.ts'
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
export { keepFile } from './keep-file.ts'
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
  dnsSuffix,
  findRegion,
  hostnameRegion,
  loadBalancerNames,
  type Region,
  type RegionName,
  refuseRegion,
  regions,
} from './regions.ts'
export { type SignedService, sendSigned } from './signed-request.ts'
