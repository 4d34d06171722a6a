import { randomUUID } from 'node:crypto'
import type { KubeObject, OwnerReference } from '@meridian/lab-kube-api'
import { listAt, sameJson } from '@meridian/lab-world/json'
import { pruneManifest } from './build-manifest.ts'
import type { ControlPlane } from './control-plane.ts'
import { executionFinalizer, executionSpace, managedLabel, workName } from './names.ts'

export const permanentIdLabel = 'resourcebinding.karmada.io/permanent-id'
export const clusterPermanentIdLabel = 'clusterresourcebinding.karmada.io/permanent-id'
export const bindingNamespaceAnnotation = 'resourcebinding.karmada.io/namespace'
export const bindingNameAnnotation = 'resourcebinding.karmada.io/name'
export const clusterBindingAnnotation = 'clusterresourcebinding.karmada.io/name'
const workNameAnnotation = 'work.karmada.io/name'
export const workNamespaceAnnotation = 'work.karmada.io/namespace'
export const conflictAnnotation = 'work.karmada.io/conflict-resolution'
export const templateUidAnnotation = 'resourcetemplate.karmada.io/uid'
export const templateGenerationAnnotation = 'resourcetemplate.karmada.io/generation'
export const managedAnnotations = 'resourcetemplate.karmada.io/managed-annotations'
export const managedLabels = 'resourcetemplate.karmada.io/managed-labels'
const workPermanentIdLabel = 'work.karmada.io/permanent-id'

/** What Karmada puts on a member's object and takes off again when the object is to stay (pkg/util/constants.go). */
export const memberLabels = [permanentIdLabel, workPermanentIdLabel, managedLabel]
export const memberAnnotations = [
  managedAnnotations,
  managedLabels,
  bindingNamespaceAnnotation,
  bindingNameAnnotation,
  templateUidAnnotation,
  templateGenerationAnnotation,
  workNameAnnotation,
  workNamespaceAnnotation,
]

type WorkRequest = {
  cluster: string
  /** Of a template: with the uid that it has in the federation. */
  manifest: KubeObject
  labels?: Record<string, string>
  annotations?: Record<string, string>
  owner?: KubeObject
  /** Further fields of the spec. */
  options?: Record<string, unknown>
}

/** The manifest that a Work carries. */
export function manifestOf(work: KubeObject): KubeObject | undefined {
  return listAt(work, 'spec', 'workload', 'manifests')[0] as KubeObject | undefined
}

/**
 * Creates or updates the Work that puts a manifest into a member, and answers whether there was anything to do. Nothing
 * happens while its space is missing.
 */
export function ensureWork({ store }: ControlPlane, request: WorkRequest): boolean {
  const { cluster, manifest, labels = {}, annotations = {}, owner, options = {} } = request
  const namespace = executionSpace(cluster)
  const space = store.get('Namespace', undefined, namespace)
  if (!space || space.metadata.deletionTimestamp) return false
  const name = workName(manifest.kind, manifest.metadata.name, manifest.metadata.namespace)
  const present = store.get('Work', namespace, name)
  const id = present?.metadata.labels?.[workPermanentIdLabel] ?? randomUUID()
  const marked = markManifest(manifest, { namespace, name, id, conflict: annotations[conflictAnnotation] })
  const spec = { ...options, workload: { manifests: [marked] } }
  const metadata = {
    labels: { ...present?.metadata.labels, [workPermanentIdLabel]: id, ...labels },
    annotations: { ...present?.metadata.annotations, ...annotations },
  }
  if (!present) {
    store.create('Work', {
      apiVersion: 'work.karmada.io/v1alpha1',
      kind: 'Work',
      metadata: {
        ...metadata,
        name,
        namespace,
        finalizers: [executionFinalizer],
        ...(owner ? { ownerReferences: [ownedBy(owner)] } : {}),
      },
      spec,
    })
    return true
  }
  if (present.metadata.deletionTimestamp) return false
  const { labels: formerLabels, annotations: formerAnnotations } = present.metadata
  const former = { labels: formerLabels, annotations: formerAnnotations }
  if (sameJson(present.spec, spec) && sameJson(former, metadata)) return false
  store.modify('Work', namespace, name, draft => {
    draft.spec = spec
    Object.assign(draft.metadata, metadata)
  })
  return true
}

function ownedBy({ apiVersion, kind, metadata: { name, uid = '' } }: KubeObject): OwnerReference {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }
}

type Marks = { namespace: string; name: string; id: string; conflict: string | undefined }

/**
 * Members' objects say whose they are, so that their events find the way back to the Work, and which of their labels
 * and annotations come from the federation, so that one that is taken off there goes here too.
 */
function markManifest(object: KubeObject, { namespace, name, id, conflict }: Marks): KubeObject {
  const manifest = pruneManifest(object)
  const labels = { ...manifest.metadata.labels, [managedLabel]: 'true', [workPermanentIdLabel]: id }
  const annotations = {
    ...manifest.metadata.annotations,
    [templateUidAnnotation]: object.metadata.uid ?? '',
    [workNameAnnotation]: name,
    [workNamespaceAnnotation]: namespace,
    ...(conflict ? { [conflictAnnotation]: conflict } : {}),
  }
  const listed = (keys: readonly string[]) => keys.toSorted().join(',')
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      labels,
      annotations: {
        ...annotations,
        [managedAnnotations]: listed([...Object.keys(annotations), managedAnnotations, managedLabels]),
        [managedLabels]: listed(Object.keys(labels)),
      },
    },
  }
}
