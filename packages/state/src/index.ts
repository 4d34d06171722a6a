export { hasObjectLock, readBucketTags } from './bucket-settings.ts'
export { readClusterClaim, type SeenClaim, wasOvertaken, writeClusterClaim } from './cluster-claim.ts'
export { acquireLease, type Lease, LeaseHeldError, type LeaseRequest } from './lease.ts'
export { completeStore, judgeBucket, makeStore, type NewStore, ownBucket } from './make-store.ts'
export {
  type ClusterState,
  listNeighbours,
  type Purged,
  purgeCluster,
  removeTraces,
} from './purge-cluster.ts'
export { listUnder, openClusterStore, openStore, readText, type Store, storeInputs } from './store.ts'
