export { type AvailabilityZone, availabilityZones } from './availability-zones.ts'
export { type AwsInputs, awsInputs } from './aws-inputs.ts'
export { bucketRegions } from './bucket-regions.ts'
export { route53, s3, sts } from './clients.ts'
export { type Aws, type AwsJob, connectAws } from './connect.ts'
export { existingEc2 } from './ec2-existing.ts'
export { type Ec2Tag, ec2Tags } from './ec2-tags.ts'
export {
  errorCode,
  explainAws,
  isAccessDenied,
  isConflict,
  isNotFound,
  isThrottling,
  isUnreachable,
} from './errors.ts'
export { type InstanceState, instanceStates } from './instances.ts'
export { type LaunchFailure, launchFailures } from './launch-failures.ts'
export { type LoadBalancer, loadBalancers } from './load-balancers.ts'
export { type NetworkInterface, networkInterfaces } from './network-interfaces.ts'
export { type HourlyPrice, hourlyPrice, priceDate, priceSource } from './prices.ts'
export { findRegion, hostnameRegion, type Region, type RegionName, regions } from './regions.ts'
export { type SecurityGroup, securityGroups } from './security-groups.ts'
export { readArn, type TaggedResource, taggedResources } from './tagged-resources.ts'
export { autoScalingGroups, eventRules, rolesAndProfiles } from './unlisted.ts'
export { type Volume, volumes } from './volumes.ts'
