export {
  type ClusterSpec,
  createArguments,
  deleteArguments,
  dryRunArguments,
  exportArguments,
  firstType,
  type KopsCluster,
  type MachineEdit,
  machineArguments,
  updateArguments,
  validateArguments,
} from './arguments.ts'
export { hasConfig, listClusters, observeCluster, readConfig, type SavedConfig } from './cluster-state.ts'
export {
  createCluster,
  type Edits,
  editCluster,
  previewUpdate,
  printCluster,
  readRolls,
  readSavedCluster,
  reconcileCluster,
  replaceCluster,
  updateCluster,
  validateCluster,
} from './commands.ts'
export {
  type Asked,
  compareCluster,
  type Difference,
  describeDifference,
  type Resize,
  resizeGroups,
} from './compare-cluster.ts'
export { connectKops, type Kops } from './connect.ts'
export { deleteCluster } from './delete-cluster.ts'
export { explainKops, fatalFailure, knownFailures } from './failures.ts'
export { type JudgedCluster, judgeCluster, readingOf } from './judge-cluster.ts'
export { exportKubeconfig, isKubeconfigOf } from './kubeconfig.ts'
export { leaseKops } from './lease-kops.ts'
export { absentCluster, isReadable, isTooNew, type ObservedCluster } from './observed-cluster.ts'
export { type Pending, parsePreview } from './preview.ts'
export { judgeRegion, type ReachOptions, reachCluster, requireCluster } from './reach-cluster.ts'
export { type ReachedEks, reachEks } from './reach-eks.ts'
export { reachKind } from './reach-kind.ts'
export { restoreCluster } from './restore-cluster.ts'
export { type DueGroup, parseRolls } from './rolls.ts'
export { parseGroupNames, parseSavedCluster, type SavedCluster } from './saved-cluster.ts'
export { type ClusterNode, parseValidation, type Validation } from './validation.ts'
export {
  checkKubernetesVersion,
  defaultKopsVersion,
  defaultKubernetesVersion,
  refuseUpgrade,
  testedWith,
  type UpgradeRange,
} from './versions.ts'
