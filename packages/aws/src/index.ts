export { type AvailabilityZone, availabilityZones } from './availability-zones.ts'
export { type AwsInputs, awsInputs } from './aws-inputs.ts'
export { route53, s3, sts } from './clients.ts'
export { type Aws, type AwsJob, connectAws } from './connect.ts'
export { filterParameters, queryEc2, type Xml } from './ec2-query.ts'
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
export { type LoadBalancer, loadBalancers } from './load-balancers.ts'
export { type NetworkInterface, networkInterfaces } from './network-interfaces.ts'
export { type HourlyPrice, hourlyPrice, priceSource } from './prices.ts'
export { findRegion, hostnameRegion, type Region, type RegionName, regions } from './regions.ts'
export { type TaggedResource, taggedResources } from './tagged-resources.ts'
