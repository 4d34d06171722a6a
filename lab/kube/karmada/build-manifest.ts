import { copyJson, type KubeObject, valueAt } from '../api/index.ts'
import type { TargetCluster } from './types.ts'

export const templateUidAnnotation = 'resourcetemplate.karmada.io/uid'
/** Where the share of a member is written. */
const shares: Readonly<Record<string, string>> = {
  Deployment: 'replicas',
  StatefulSet: 'replicas',
  ReplicaSet: 'replicas',
  Job: 'parallelism',
}
const allocated = ['clusterIP', 'clusterIPs']
const dropped = /^(kubectl\.kubernetes\.io\/last-applied-configuration|deployment\.kubernetes\.io\/revision)$/

/**
 * What of a template goes to a member: nothing that the control plane's API server put into it, except a Service's
 * node ports, that of its health check too, which Karmada keeps and thereby forces on every member. A workload that its
 * binding counts has the replicas of the schedule, copied whole or divided, however many the template has by now.
 */
export function buildManifest(template: KubeObject, target: TargetCluster, isCounted: boolean): KubeObject {
  const { status: _status, metadata, ...content } = copyJson(template)
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => !dropped.test(key))
  const manifest: KubeObject = {
    ...content,
    metadata: {
      name: metadata.name,
      ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
      labels: { ...metadata.labels },
      annotations: {
        ...Object.fromEntries(annotations),
        [templateUidAnnotation]: metadata.uid ?? '',
        ...(metadata.generation
          ? { 'resourcetemplate.karmada.io/generation': `${metadata.generation}` }
          : {}),
      },
    },
  }
  if (manifest.kind === 'Service') pruneService(manifest)
  const share = shares[manifest.kind]
  if (isCounted && share !== undefined) {
    manifest.spec = { ...(manifest.spec as object), [share]: target.replicas ?? 0 }
  }
  return manifest
}

/** Replicas of a template that Karmada can divide: pods that run at a time. 0 for kinds without any. */
export function templateReplicas({ kind, spec }: KubeObject): number {
  if (kind === 'Pod') return 1
  const share = shares[kind]
  if (share === undefined) return 0
  const count = Number(valueAt(spec, share) ?? 1)
  return kind === 'Job' ? Math.min(count, Number(valueAt(spec, 'completions') ?? count)) : count
}

function pruneService(service: KubeObject): void {
  const spec = { ...(service.spec as Record<string, unknown>) }
  if (spec.clusterIP === 'None') return
  for (const field of allocated) delete spec[field]
  service.spec = spec
}
