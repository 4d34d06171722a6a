import type { KubeObject } from '@meridian/lab-kube-api'
import { copyJson, valueAt } from '@meridian/lab-world/json'
import { reviseReplicas } from './interpret-replicas.ts'
import { type BindingSpec, isWorkload } from './needs-scheduling.ts'
import { dividesReplicas } from './schedule.ts'
import type { TargetCluster } from './types.ts'
import { divide } from './webster.ts'

/**
 * What of a template goes to one of a binding's targets: with the replicas that are its share, and of a Job the
 * completions. Not yet pruned, as overrides see the template as it is.
 */
export function buildManifest(
  template: KubeObject,
  spec: BindingSpec,
  targets: readonly TargetCluster[],
  { name, replicas = 0 }: TargetCluster,
): KubeObject {
  const manifest = copyJson(template)
  const revised = isWorkload(spec) ? reviseReplicas(manifest, replicas) : manifest
  const completions = valueAt(revised, 'spec', 'completions')
  const divided = (spec.replicas ?? 0) > 0 && dividesReplicas(spec.placement ?? {})
  if (revised.kind !== 'Job' || !divided || completions === undefined) return revised
  const weights = Object.fromEntries(targets.map(target => [target.name, target.replicas ?? 0]))
  const shares = divide(template.metadata.uid ?? '', Number(completions), weights)
  const share = shares.find(each => each.name === name)?.replicas ?? 0
  return { ...revised, spec: { ...(revised.spec as object), completions: share } }
}

type Pruner = (object: KubeObject) => void

/**
 * An object without what its API server has put into it, except a Service's node ports, that of its health check too,
 * which Karmada keeps and thereby forces on every member (pkg/resourceinterpreter/default/native/prune/prune.go).
 */
export function pruneManifest({ status: _status, metadata, ...content }: KubeObject): KubeObject {
  const { name, namespace, labels, annotations } = metadata
  const manifest: KubeObject = copyJson({
    ...content,
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
    },
  })
  pruners[manifest.kind]?.(manifest)
  return manifest
}

const pruners: Readonly<Record<string, Pruner>> = {
  Deployment(object) {
    for (const name of ['revision', 'revision-history'])
      delete object.metadata.annotations?.[`deployment.kubernetes.io/${name}`]
  },
  Service({ spec }) {
    const fields = spec as { clusterIP?: string; clusterIPs?: string[] }
    if (fields.clusterIP === 'None') return
    delete fields.clusterIP
    delete fields.clusterIPs
  },
  Job({ spec }) {
    const fields = spec as {
      manualSelector?: boolean
      ttlSecondsAfterFinished?: number
      selector?: { matchLabels?: Record<string, string> }
      template?: { metadata?: { labels?: Record<string, string> } }
    }
    delete fields.ttlSecondsAfterFinished
    if (fields.manualSelector) return
    for (const labels of [fields.selector?.matchLabels, fields.template?.metadata?.labels]) {
      for (const key of ['controller-uid', 'job-name']) {
        if (key === 'job-name' && labels === fields.selector?.matchLabels) continue
        delete labels?.[key]
        delete labels?.[`batch.kubernetes.io/${key}`]
      }
    }
  },
  Secret(object) {
    if (object.type !== 'kubernetes.io/service-account-token') return
    delete object.metadata.annotations?.['kubernetes.io/service-account.uid']
    object.data = null
  },
  ServiceAccount(object) {
    const secrets = object.secrets as { name?: string }[] | undefined
    if (secrets)
      object.secrets = secrets.filter(each => !each.name?.startsWith(`${object.metadata.name}-token-`))
  },
  PersistentVolumeClaim(object) {
    delete object.metadata.annotations?.['volume.kubernetes.io/selected-node']
  },
}
