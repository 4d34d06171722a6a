import {
  type Binding,
  type BindingStatus,
  bindingStatus,
  buildPlacement,
  type Expectation,
  placementClusters,
  placementWeights,
} from '@meridian/karmada'
import type { KubeObject } from '@meridian/kube'
import { type AppPlacement, placementOf } from '../placement/app-placement.ts'
import { retainReplicas } from '../placement/autoscaling.ts'

/** Workloads that Karmada divides by `spec.replicas` (its native interpreter), and that report pods that are ready. */
const counted = ['Deployment', 'StatefulSet', 'ReplicaSet']
/** Kinds whose health Karmada judges by itself (its default interpreter); others are done once applied. */
const judged = [...counted, 'DaemonSet', 'Pod', 'Service']
/**
 * Judged too, but by what others do: an address waits for an Ingress controller, a volume for a pod in its cluster, a
 * disruption budget for as many pods as it names. Where pods want for it, they say so themselves.
 */
const ignored = ['Ingress', 'PersistentVolumeClaim', 'PodDisruptionBudget']

/** The replicas that a template asks for; `undefined` for kinds whose ready pods are not counted. */
export function replicasOf(template: KubeObject): number | undefined {
  if (!counted.includes(template.kind)) return undefined
  return (template.spec as { replicas?: number } | undefined)?.replicas ?? 1
}

/** Whether Karmada takes a template away a while after its end. */
export function removesItself({ kind, spec }: KubeObject): boolean {
  return (
    kind === 'Job' &&
    typeof (spec as { ttlSecondsAfterFinished?: unknown })?.ttlSecondsAfterFinished === 'number'
  )
}

/** Of a Job that has gone so: it had arrived. */
export const goneByItself: BindingStatus = {
  done: true,
  reason: '',
  unbalanced: false,
  missed: [],
  regions: [],
}

/** How far a template has come, by its binding and the placement that is wanted; `where` says what counts. */
export function judge(
  template: KubeObject,
  binding: Binding | undefined,
  app: AppPlacement,
  where: Pick<Expectation, 'held' | 'only' | 'unready' | 'barred'>,
): BindingStatus {
  const placement = placementOf(app, template)
  const own = replicasOf(template)
  // Of a Job, a bare Pod and kinds that are not Kubernetes' own Karmada alone knows what it divides.
  const replicas = own ?? (binding?.spec.replicas || undefined)
  // Free capacity decides which clusters get replicas, so whatever was chosen is right.
  const chosen = placement.mode === 'dynamic' && replicas !== undefined
  const clusters = chosen
    ? (binding?.spec.clusters ?? []).map(({ name }) => name)
    : placementClusters(placement)
  return bindingStatus(binding, {
    ...where,
    clusters,
    replicas,
    countsReady: own !== undefined,
    versioned: template.kind !== 'ReplicaSet',
    elastic: template.metadata.labels?.[retainReplicas] === 'true',
    weights: placementWeights(placement),
    generation: template.metadata.generation,
    placement: buildPlacement(placement),
    judged: ignored.includes(template.kind) ? 'ignored' : judged.includes(template.kind),
  })
}
