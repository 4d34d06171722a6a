import { randomUUID } from 'node:crypto'
import { type KubeObject, listAt, sameJson } from '../api/index.ts'
import type { ControlPlane } from './control-plane.ts'
import { executionFinalizer, executionSpace, workName } from './names.ts'

export const permanentIdLabel = 'resourcebinding.karmada.io/permanent-id'
export const bindingNamespaceAnnotation = 'resourcebinding.karmada.io/namespace'
export const bindingNameAnnotation = 'resourcebinding.karmada.io/name'

type WorkRequest = {
  cluster: string
  manifest: KubeObject
  labels?: Record<string, string>
  annotations?: Record<string, string>
  /** Further fields of the spec. */
  options?: Record<string, unknown>
}

/** The manifest that a Work carries. */
export function manifestOf(work: KubeObject): KubeObject | undefined {
  return listAt(work, 'spec', 'workload', 'manifests')[0] as KubeObject | undefined
}

/** Creates or updates the Work that puts a manifest into a member. Nothing happens while its space is missing. */
export function ensureWork({ store }: ControlPlane, request: WorkRequest): void {
  const { cluster, manifest, labels = {}, annotations = {}, options = {} } = request
  const namespace = executionSpace(cluster)
  const space = store.get('Namespace', undefined, namespace)
  if (!space || space.metadata.deletionTimestamp) return
  const name = workName(manifest.kind, manifest.metadata.name, manifest.metadata.namespace)
  const present = store.get('Work', namespace, name)
  const marked = markManifest(manifest, namespace, name)
  const spec = { ...options, workload: { manifests: [marked] } }
  if (!present) {
    store.create('Work', {
      apiVersion: 'work.karmada.io/v1alpha1',
      kind: 'Work',
      metadata: {
        name,
        namespace,
        labels: { 'work.karmada.io/permanent-id': randomUUID(), ...labels },
        annotations,
        finalizers: [executionFinalizer],
      },
      spec,
    })
  } else if (!present.metadata.deletionTimestamp && !sameJson(present.spec, spec)) {
    store.modify('Work', namespace, name, draft => {
      draft.spec = spec
      draft.metadata.annotations = { ...draft.metadata.annotations, ...annotations }
      draft.metadata.labels = { ...draft.metadata.labels, ...labels }
    })
  }
}

// Members' objects say whose they are, so that their events find the way back to the Work.
function markManifest(manifest: KubeObject, namespace: string, name: string): KubeObject {
  const { metadata } = manifest
  return {
    ...manifest,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, 'karmada.io/managed': 'true' },
      annotations: {
        ...metadata.annotations,
        'work.karmada.io/namespace': namespace,
        'work.karmada.io/name': name,
      },
    },
  }
}
