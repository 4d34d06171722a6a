export { describeOccupants, explainBlockers, type Occupants } from './blockers.ts'
export { bucketRegions } from './bucket-regions.ts'
export { existingEc2 } from './ec2-existing.ts'
export { type Ec2Tag, ec2Tags } from './ec2-tags.ts'
export { enabledRegions } from './enabled-regions.ts'
export { type InstanceState, instanceStates } from './instances.ts'
export { type LaunchFailure, launchFailures } from './launch-failures.ts'
export {
  describeLeak,
  describePrice,
  isHearsay,
  isMadeByKops,
  judgeRemains,
  type Leak,
  type Remains,
  totalCost,
} from './leak.ts'
export { type LoadBalancer, loadBalancers } from './load-balancers.ts'
export { clusterTags, describeUnseen, lookAtCluster } from './look-at-cluster.ts'
export { gatewaysOfOthers, type LedElsewhere } from './nat-gateways.ts'
export { type NetworkInterface, networkInterfaces } from './network-interfaces.ts'
export { type HourlyPrice, hourlyPrice, priceDate, priceSource } from './prices.ts'
export { type SecurityGroup, securityGroups } from './security-groups.ts'
export { readArn, type TaggedResource, taggedResources } from './tagged-resources.ts'
export { autoScalingGroups, eventRules, rolesAndProfiles } from './unlisted.ts'
export { type Volume, volumes } from './volumes.ts'
