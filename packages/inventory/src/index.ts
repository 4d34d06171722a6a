export { explainBlockers } from './blockers.ts'
export { bucketRegions } from './bucket-regions.ts'
export { enabledRegions } from './enabled-regions.ts'
export { instanceStates } from './instances.ts'
export { launchFailures } from './launch-failures.ts'
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
export { describeUnseen, lookAtCluster } from './look-at-cluster.ts'
export { gatewaysOfOthers, type LedElsewhere } from './nat-gateways.ts'
export { networkInterfaces } from './network-interfaces.ts'
export { type HourlyPrice, hourlyPrice, priceDate, priceSource } from './prices.ts'
export { readArn, type TaggedResource, taggedResources } from './tagged-resources.ts'
