export { hasObjectLock, readBucketEncryption, readBucketTags } from './bucket-settings.ts'
export {
  readClusterClaim,
  readLeaseMark,
  type SeenClaim,
  seekClusterClaim,
  writeClusterClaim,
} from './cluster-claim.ts'
export { listStrays } from './kops-folder.ts'
export { acquireLease, type ClusterLease, type LeaseRequest } from './lease.ts'
export { completeStore, judgeBucket, makeStore, ownBucket } from './make-store.ts'
export { type ClusterState, listNeighbours, type Purged, purgeCluster } from './purge-cluster.ts'
export {
  guessStore,
  listUnder,
  openClusterStore,
  openStore,
  readText,
  type Store,
  storeClient,
} from './store.ts'
