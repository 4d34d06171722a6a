import { describeRef, type KubeObject, refOf } from '@meridian/kube'
import { UserError } from '@meridian/runner'

/**
 * Karmada's own label: members keep the replicas that their autoscalers have chosen. Without it they are set back to
 * the cluster's share within a second. It is heeded on Deployments alone (retain.go of the native interpreter).
 */
export const retainReplicas = 'resourcetemplate.karmada.io/retain-replicas'

/** Templates as they are to be, and those of them that state no replicas, as `describeRef` names them. */
export type Autoscaled = { templates: KubeObject[]; unsized: ReadonlySet<string> }

/**
 * Has members keep the replicas of Deployments that an autoscaler of the manifests governs (a HorizontalPodAutoscaler,
 * or KEDA's ScaledObject), unless their label says otherwise. Throws a UserError for an autoscaler of another kind.
 */
export function prepareAutoscaled(templates: readonly KubeObject[]): Autoscaled {
  const scalers = new Map(
    templates.flatMap(scaler => targetOf(scaler).map(target => [target, describe(scaler)] as const)),
  )
  const governed = templates.filter(template => scalers.has(describe(template)))
  const wrong = governed.filter(({ kind }) => kind !== 'Deployment')
  if (wrong.length > 0) {
    const named = wrong.map(each => `${scalers.get(describe(each))} scales ${describe(each)}`)
    throw new UserError(`${named.join('; ')}: Karmada would set the replicas back each time`, {
      fix: 'Make it a Deployment, whose replicas Karmada can leave to the members, or leave the autoscaler out.',
      input: 'manifests',
    })
  }
  const kept = governed.filter(({ metadata: { labels } }) => (labels?.[retainReplicas] ?? 'true') === 'true')
  return {
    templates: templates.map(template => (kept.includes(template) ? withLabel(template) : template)),
    unsized: new Set(
      kept.filter(({ spec }) => (spec as Sized | undefined)?.replicas === undefined).map(describe),
    ),
  }
}

type Sized = { replicas?: unknown }
const describe = (object: KubeObject) => describeRef(refOf(object))

function withLabel(template: KubeObject): KubeObject {
  const { metadata } = template
  return { ...template, metadata: { ...metadata, labels: { ...metadata.labels, [retainReplicas]: 'true' } } }
}

function targetOf({ kind, spec, metadata: { namespace } }: KubeObject): string[] {
  if (kind !== 'HorizontalPodAutoscaler' && kind !== 'ScaledObject') return []
  const target = (spec as { scaleTargetRef?: { kind?: string; name?: string } } | undefined)?.scaleTargetRef
  if (target?.name === undefined) return []
  return [describeRef({ apiVersion: '', kind: target.kind ?? 'Deployment', namespace, name: target.name })]
}
