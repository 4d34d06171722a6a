import { claimingPolicy } from '@meridian/karmada'
import {
  describeRef,
  isUnknownKind,
  type Kube,
  type KubeObject,
  type ObjectType,
  refOf,
} from '@meridian/kube'
import { type Job, markdown, UserError } from '@meridian/runner'

const { escapeText, part } = markdown

/**
 * Karmada's own label: members keep the replicas that their autoscalers have chosen. Without it they are set back to
 * the cluster's share within a second. It is heeded on Deployments alone (retain.go of the native interpreter).
 */
export const retainReplicas = 'resourcetemplate.karmada.io/retain-replicas'

/** A template whose replicas an autoscaler decides, each as `describeRef` names it. */
type Scaled = { template: string; scaler: string }
export type Autoscaled = {
  /** Templates as they are to be. */
  templates: KubeObject[]
  /** Those of them that state no replicas. */
  unsized: ReadonlySet<string>
  /** Whose replicas the members keep. */
  left: Scaled[]
  /** Whose replicas Karmada sets back, whatever an autoscaler of others decides. */
  fought: Scaled[]
}

const sizedKinds = ['Deployment', 'StatefulSet', 'ReplicaSet']
const scalerTypes: readonly ObjectType[] = [
  { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' },
]

/**
 * Autoscalers that members have by the federation, and that the manifests do not name: of others, or of an earlier run.
 * What this run is going to prune is none.
 */
export async function findAutoscalers(
  federation: Pick<Kube, 'list'>,
  templates: readonly KubeObject[],
  isPruned: (object: KubeObject) => boolean,
): Promise<KubeObject[]> {
  const sized = templates.filter(({ kind }) => sizedKinds.includes(kind))
  const namespaces = [...new Set(sized.map(({ metadata }) => metadata.namespace))]
  const named = new Set(templates.map(describe))
  const lists = namespaces.flatMap(namespace =>
    scalerTypes.map(type =>
      federation.list(type, { namespace }).catch(error => {
        if (isUnknownKind(error)) return []
        throw error
      }),
    ),
  )
  // Without a policy that carries it no member has it.
  return (await Promise.all(lists))
    .flat()
    .filter(
      scaler => claimingPolicy(scaler) !== undefined && !named.has(describe(scaler)) && !isPruned(scaler),
    )
}

/**
 * Has members keep the replicas of Deployments that an autoscaler governs (a HorizontalPodAutoscaler, or KEDA's
 * ScaledObject), of the manifests or `found` in the federation, unless their label says otherwise. Throws a UserError for an
 * autoscaler of the manifests that governs another kind.
 */
export function prepareAutoscaled(
  templates: readonly KubeObject[],
  found: readonly KubeObject[] = [],
): Autoscaled {
  const given = scalersOf(templates)
  const scalers = new Map([...scalersOf(found), ...given])
  const pair = (template: KubeObject): Scaled => ({
    template: describe(template),
    scaler: scalers.get(describe(template)) ?? '',
  })
  const governed = templates.filter(template => scalers.has(describe(template)))
  const others = governed.filter(({ kind }) => kind !== 'Deployment')
  const wrong = others.filter(template => given.has(describe(template))).map(pair)
  if (wrong.length > 0) {
    const named = wrong.map(({ scaler, template }) => `${scaler} scales ${template}`)
    throw new UserError(`${named.join('; ')}: Karmada would set the replicas back each time`, {
      fix: 'Make it a Deployment, whose replicas Karmada can leave to the members, or leave the autoscaler out.',
      input: 'manifests',
    })
  }
  const kept = governed.filter(
    ({ kind, metadata: { labels } }) =>
      kind === 'Deployment' && (labels?.[retainReplicas] ?? 'true') === 'true',
  )
  return {
    templates: templates.map(template => (kept.includes(template) ? withLabel(template) : template)),
    unsized: new Set(
      kept.filter(({ spec }) => (spec as Sized | undefined)?.replicas === undefined).map(describe),
    ),
    left: kept.map(pair),
    fought: others.map(pair),
  }
}

/** Says which replicas are not this run's to divide, and which an autoscaler will not get. */
export function tellAutoscaled(
  { log, summary }: Pick<Job, 'log' | 'summary'>,
  { left, fought }: Autoscaled,
): void {
  for (const { template, scaler } of fought)
    log.warning(
      `${scaler} scales ${template} in the members, and Karmada sets its replicas back each time: it leaves those of Deployments alone to the members, by the label ${retainReplicas}.`,
    )
  const lines = left.map(
    ({ template, scaler }) =>
      `${template}: how many pods each cluster runs is left to ${scaler} there; the replicas of the manifest are where they begin.`,
  )
  for (const line of lines) log.info(line)
  if (lines.length > 0)
    summary(
      part({
        outcome: 'same',
        title: 'Left to autoscalers',
        body: [lines.map(line => `- ${escapeText(line)}`).join('\n')],
      }),
    )
}

const scalersOf = (objects: readonly KubeObject[]) =>
  new Map(objects.flatMap(scaler => targetOf(scaler).map(target => [target, describe(scaler)] as const)))

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
