export {
  type ConnectedCluster,
  connectCluster,
  judgeRegion,
  reachCluster,
  requireCluster,
} from './access/connect-cluster.ts'
export { reachEks } from './access/connect-eks.ts'
export { reachKind } from './access/connect-kind.ts'
export { exportKubeconfig, isKubeconfigOf } from './access/export-kubeconfig.ts'
export {
  type ClusterSpec,
  createArguments,
  deleteArguments,
  dryRunArguments,
  exportArguments,
  firstType,
  type MachineEdit,
  machineArguments,
  updateArguments,
  validateArguments,
} from './commands/arguments.ts'
export {
  createCluster,
  editCluster,
  previewUpdate,
  printCluster,
  readRolls,
  readSavedCluster,
  reconcileCluster,
  replaceCluster,
  updateCluster,
  validateCluster,
} from './commands/commands.ts'
export { connectKops, type Kops } from './commands/connect.ts'
export { deleteCluster } from './commands/delete-cluster.ts'
export { explainKops, fatalFailure, knownFailures } from './commands/failures.ts'
export { leaseKops } from './commands/lease-kops.ts'
export { type Pending, parsePreview } from './commands/parse-preview.ts'
export { type DueGroup, parseRolls } from './commands/parse-rolling-update.ts'
export {
  type ClusterNode,
  describeFailures,
  parseValidation,
  type Validation,
} from './commands/parse-validation.ts'
export { restoreCluster } from './commands/restore-cluster.ts'
export { hasConfig, observeCluster, readConfig } from './state/cluster-state.ts'
export {
  type Asked,
  compareCluster,
  type Difference,
  describeDifference,
  type Resize,
  resizeGroups,
} from './state/compare-cluster.ts'
export { type JudgedCluster, judgeCluster, readingOf } from './state/judge-cluster.ts'
export {
  absentCluster,
  isReadable,
  isTooNew,
  type ObservedCluster,
  type SavedConfig,
} from './state/observed-cluster.ts'
export { parseGroupNames, parseSavedCluster, type SavedCluster } from './state/saved-cluster.ts'
export {
  checkKubernetesVersion,
  defaultKopsVersion,
  defaultKubernetesVersion,
  refuseUpgrade,
  testedWith,
  type UpgradeRange,
} from './state/versions.ts'
