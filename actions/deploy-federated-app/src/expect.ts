import type { Placement } from '@meridian/karmada'
import {
  type Binding,
  type BindingStatus,
  bindingStatus,
  type Expectation,
  placementClusters,
  placementWeights,
} from '@meridian/karmada'
import type { KubeObject } from '@meridian/kube'

/** Kinds whose health Karmada judges by itself (its default interpreter); others are done once applied. */
const judged = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Pod',
  'Service',
  'Ingress',
  'PersistentVolumeClaim',
  'PodDisruptionBudget',
]
/** Karmada's own label: members keep the replicas that their autoscalers have chosen. */
const retainReplicas = 'resourcetemplate.karmada.io/retain-replicas'
const counted = ['Deployment', 'StatefulSet', 'ReplicaSet']

/** The replicas that a template asks for; `undefined` for kinds that are not divided. */
export function replicasOf(template: KubeObject): number | undefined {
  if (!counted.includes(template.kind)) return undefined
  return (template.spec as { replicas?: number } | undefined)?.replicas ?? 1
}

/** How far a template has come, by its binding and the placement that is wanted; `where` says what counts. */
export function judge(
  template: KubeObject,
  binding: Binding | undefined,
  placement: Placement,
  where: Pick<Expectation, 'placement' | 'held' | 'only' | 'unready'>,
): BindingStatus {
  const replicas = replicasOf(template)
  // Free capacity decides which clusters get replicas, so whatever was chosen is right.
  const chosen = placement.mode === 'dynamic' && replicas !== undefined
  const clusters = chosen
    ? (binding?.spec.clusters ?? []).map(({ name }) => name)
    : placementClusters(placement)
  return bindingStatus(binding, {
    ...where,
    clusters,
    replicas,
    versioned: template.kind !== 'ReplicaSet',
    elastic: template.metadata.labels?.[retainReplicas] === 'true',
    weights: placementWeights(placement),
    generation: template.metadata.generation,
    judged: judged.includes(template.kind),
  })
}
