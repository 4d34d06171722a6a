import type { KubeObject } from '@meridian/lab-kube-api'
import { numberAt, valueAt } from '@meridian/lab-world/json'

/** The field that says how many pods a kind has, as Karmada's own interpreter knows it; a Pod is one. */
const replicaFields: Readonly<Record<string, string>> = {
  'apps/v1 Deployment': 'replicas',
  'apps/v1 ReplicaSet': 'replicas',
  'apps/v1 StatefulSet': 'replicas',
  'batch/v1 Job': 'parallelism',
}

const fieldOf = ({ apiVersion, kind }: KubeObject) => replicaFields[`${apiVersion} ${kind}`]
const isPod = ({ apiVersion, kind }: KubeObject) => apiVersion === 'v1' && kind === 'Pod'

/**
 * Replicas of a template that Karmada can divide, undefined for kinds without any. A Job never runs more pods than it
 * has completions (pkg/resourceinterpreter/default/native/replica.go).
 */
export function templateReplicas(template: KubeObject): number | undefined {
  if (isPod(template)) return 1
  const field = fieldOf(template)
  if (!field) return undefined
  const replicas = numberAt(template, 'spec', field)
  return template.kind === 'Job'
    ? Math.min(replicas, Number(valueAt(template, 'spec', 'completions') ?? replicas))
    : replicas
}

/** The spec of a template's pods. */
export function podSpecOf(template: KubeObject | undefined): unknown {
  return template && isPod(template) ? template.spec : valueAt(template, 'spec', 'template', 'spec')
}

/** The template with as many replicas as one member gets; a Pod cannot be changed. */
export function reviseReplicas(template: KubeObject, replicas: number): KubeObject {
  const field = fieldOf(template)
  return field ? { ...template, spec: { ...(template.spec as object), [field]: replicas } } : template
}
