export {
  type ClusterSpec,
  createArguments,
  deleteArguments,
  dryRunArguments,
  exportArguments,
  type KopsCluster,
  updateArguments,
  validateArguments,
} from './arguments.ts'
export { ensureStateBucket, renewCertificate, type StateBucketRequest } from './bucket-ensure.ts'
export { findStateBucket, type StateBucket } from './bucket-find.ts'
export { configuredClusters, type Purged, purgeStateBucket } from './bucket-purge.ts'
export { readBucketTags } from './bucket-settings.ts'
export { hasClusterConfig, observeCluster } from './cluster-state.ts'
export {
  createCluster,
  editCluster,
  printCluster,
  readSavedCluster,
  updateCluster,
  validateCluster,
} from './commands.ts'
export { compareCluster, type Difference } from './compare-cluster.ts'
export { connectKops, type Kops } from './connect.ts'
export { deleteCluster } from './delete-cluster.ts'
export { explainKops, fatalFailure, knownFailures } from './failures.ts'
export { exportKubeconfig, isKubeconfigOf } from './kubeconfig.ts'
export { acquireLease, type Lease, LeaseHeldError, type LeaseRequest, leaseKops } from './lease.ts'
export {
  type ClusterPlan,
  describeDifference,
  isReadable,
  type ObservedCluster,
  planCluster,
} from './plan-cluster.ts'
export { type ReachOptions, reachCluster } from './reach-cluster.ts'
export { restoreCluster } from './restore-cluster.ts'
export { parseSavedCluster, type SavedCluster } from './saved-cluster.ts'
export { type ClusterNode, parseValidation, type Validation } from './validation.ts'
export { checkKubernetesVersion, defaultKopsVersion, defaultKubernetesVersion } from './versions.ts'
