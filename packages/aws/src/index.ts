export type { Aws } from './credentials/aws.ts'
export { accountId, awsInputs } from './credentials/aws-inputs.ts'
export { connectAws } from './credentials/connect.ts'
export { keepFile } from './credentials/keep-file.ts'
export { loadedMeanwhile, type SignIn, signInOnce } from './credentials/sign-in.ts'
export {
  AbsentClusterError,
  accessCommands,
  describeEks,
  type EksCluster,
  explainSilence,
  judgeEks,
} from './eks/eks-cluster.ts'
export { eksToken } from './eks/eks-token.ts'
export { type AvailabilityZone, availabilityZones } from './regions/availability-zones.ts'
export { zonesOffering } from './regions/instance-types.ts'
export {
  checkRegions,
  findRegion,
  hostnameRegion,
  knownToAws,
  loadBalancerNames,
  refuseRegion,
  regions,
} from './regions/regions.ts'
export {
  errorCode,
  explainAws,
  isAccessDenied,
  isConflict,
  isNotFound,
  isThrottling,
  isUnreachable,
} from './requests/errors.ts'
export { explainRefusals } from './requests/explain-refusals.ts'
export { ForeignAnswerError } from './requests/own-answer.ts'
export {
  childOf,
  filterParameters,
  itemsOf,
  type QueryService,
  query,
  queryEc2,
  queryPages,
  resultOf,
  tagsOf,
  textOf,
  type Xml,
} from './requests/query-api.ts'
export { type SignedService, sendSigned } from './requests/signed-request.ts'
