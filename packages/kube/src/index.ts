export { covers, type Difference, isMapping, listDifferences } from './compare.ts'
export { type ConnectOptions, connectBehind, connectKube, type InnerKube } from './connect.ts'
export { listCustomKinds } from './custom-kinds.ts'
export { type Ensured, ensureObjects, inspectObjects } from './ensure-object.ts'
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
} from './errors.ts'
export { inParallel } from './in-parallel.ts'
export type { ApplyOptions, Channel, Kube, ListOptions, RemoveOptions, RequestOptions } from './kube.ts'
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
} from './kubeconfig.ts'
export { anyKubeconfig, checkGivenKubeconfig, givenKubeconfig, secretsOf } from './kubeconfig-check.ts'
export { formatKubeconfig, loadKubeconfig, writeKubeconfig } from './kubeconfig-file.ts'
export type { Condition, KubeObject, ObjectMeta, ObjectRef, ObjectType } from './object.ts'
export { conditionOf, describeRef, refOf } from './object.ts'
export { forwardPort } from './port-forward.ts'
export { readObjects } from './read-objects.ts'
export { shareKubeconfig } from './shared-kubeconfig.ts'
export { applyOver, type Look, patchOver, removeOver } from './write-over.ts'
