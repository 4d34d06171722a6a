export type { Changes } from './client/changes.ts'
export { connectBehind, connectKube, type InnerKube } from './client/connect.ts'
export {
  isConflict,
  isForeignAnswer,
  isNotFound,
  isOvertaken,
  isRefusal,
  isUnknownKind,
  isUnreachable,
  isUntrusted,
  KubeError,
} from './client/errors.ts'
export type { Kube } from './client/kube.ts'
export { forwardPort } from './client/port-forward.ts'
export {
  buildKubeconfig,
  contextNames,
  contextParts,
  hasContext,
  type Kubeconfig,
  mergeKubeconfigs,
  onlyContext,
  parseKubeconfig,
  renameContext,
} from './kubeconfig/kubeconfig.ts'
export {
  checkGivenKubeconfig,
  givenKubeconfig,
  secretsOf,
} from './kubeconfig/kubeconfig-check.ts'
export { formatKubeconfig, loadKubeconfig, writeKubeconfig } from './kubeconfig/kubeconfig-file.ts'
export { shareKubeconfig } from './kubeconfig/shared-kubeconfig.ts'
export { covers, type Difference, isMapping, listDifferences } from './objects/compare.ts'
export { listCustomKinds } from './objects/custom-kinds.ts'
export { compareObjects, type EnsuredObject, ensureObjects, ensureOver } from './objects/ensure-object.ts'
export type { Condition, KubeObject, ObjectRef, ObjectType } from './objects/object.ts'
export { conditionOf, describeRef, refOf } from './objects/object.ts'
export { readObjects } from './objects/read-objects.ts'
export { mayDoEverything, reviewToken } from './objects/reviews.ts'
export { applyOver, type Look, patchOver, removeOver } from './objects/write-over.ts'
