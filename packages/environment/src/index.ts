export {
  bucketOf,
  type ClusterDescriptor,
  checkClusters,
  completeClusters,
  type GivenCluster,
  givenClusters,
} from './clusters.ts'
export { fullName, type Identity, ownerOf, ownerRecordName, recordName, stateBucket } from './names.ts'
export { alias, domain, environmentName, region, regionOfZone, zone } from './parse-names.ts'
export { type Birth, birthTags, formatInstant, objectLabels } from './tags.ts'
