import { manager } from '@meridian/identity'
import {
  buildPlacement,
  everywhere,
  heldClusters,
  holdBack,
  placementClusters,
  placementWeights,
  policyTarget,
  readPlacement,
} from '@meridian/karmada'
import { describeRef, type KubeObject, type ObjectRef, refOf } from '@meridian/kube'
import { extractApplied } from '../plan/applied-fields.ts'
import { hashAnnotation } from '../plan/mark-object.ts'
import type { Step } from '../plan/plan.ts'

/** A template that does not reach all regions at once, with its policy. */
export type StagedTemplate = {
  /** As `describeRef` names the template. */
  name: string
  template: Step
  policy: Step
  /** Clusters from which a run before has held it back, and not let go. */
  held: readonly string[]
  /** The `placement` that its policy was last applied with; undefined where it is new. */
  placedBefore?: unknown
}

/** What a policy says for a while: from which clusters it holds back, and whether it places the template as before. */
export type Suspension = { held: readonly string[]; asBefore?: boolean }

/** Templates that change, and those that a run before has left held back somewhere. */
export function listStaged(steps: readonly Step[]): StagedTemplate[] {
  const policies = new Map(
    steps
      .filter(({ role }) => role === 'policy')
      .map(step => [idOf(policyTarget(step.object)), step] as const),
  )
  return steps.flatMap(template => {
    const policy = template.role === 'template' ? policies.get(idOf(refOf(template.object))) : undefined
    if (policy === undefined) return []
    const held = policy.live ? heldClusters(policy.live) : []
    if (template.action === 'keep' && held.length === 0) return []
    const placedBefore = policy.live && placementIn(extractApplied(policy.live, manager))
    return [{ name: describeRef(refOf(template.object)), template, policy, held, placedBefore }]
  })
}

/**
 * The clusters that a staged template must not reach before wave `at` is over: those of later waves. Where the template
 * itself is not changed, a region that was let go before is not held again.
 */
export function holdUntil(one: StagedTemplate, waves: readonly string[][], at: number): string[] {
  const later = waves.slice(at + 1).flat()
  if (one.template.action !== 'keep' || one.held.includes(everywhere)) return later
  return later.filter(cluster => one.held.includes(cluster))
}

/**
 * The step that makes a staged template's policy hold back; where it holds back nothing it is the policy as desired. `isWritten`
 * says whether this run has written the policy before.
 */
export function holdStep(
  { policy, placedBefore }: StagedTemplate,
  interim: Suspension,
  isWritten: boolean,
): Step {
  const { held, asBefore = false } = interim
  const action = policy.action === 'create' && !isWritten ? 'create' : 'change'
  if (held.length === 0) return { ...policy, action }
  const { metadata, spec } = policy.object
  // Another hash than the desired policy's: a run that finds it knows that it is not as it should be.
  const annotations = { ...metadata.annotations, [hashAnnotation]: 'held' }
  const placement = asBefore ? (placedBefore ?? placementIn(policy.object)) : placementIn(policy.object)
  const object = {
    ...policy.object,
    spec: { ...(spec as object), placement },
    metadata: { ...metadata, annotations },
  }
  return { ...policy, object: holdBack(object, held), action }
}

/**
 * The way back of a staged template: to the template, and the policy, that were applied before; `undefined` of a template that is
 * new. What changes is turned round, so that it is judged as any other change. Clusters in `reached` that it was not in before
 * stay in its placement: Karmada deletes what it finds in no schedule, held back or not.
 */
export function formerStaged(
  { name, template, policy }: StagedTemplate,
  reached: readonly string[] = [],
): StagedTemplate | undefined {
  const formerTemplate = template.live && extractApplied(template.live, manager)
  if (template.action !== 'change' || formerTemplate === undefined) return undefined
  const formerPolicy = policy.live && extractApplied(policy.live, manager)
  const placement = keepPlaced(placementIn(formerPolicy), placementIn(policy.object), reached)
  return {
    name,
    template: turnRound({ ...template, object: formerTemplate }),
    policy: turnRound({
      ...policy,
      object:
        formerPolicy && placement
          ? holdBack({ ...formerPolicy, spec: { ...(formerPolicy.spec as object), placement } }, [])
          : policy.object,
    }),
    held: [],
    placedBefore: placementIn(policy.object),
  }
}

/** Clusters that a change of placement brings the template to first. */
export function newcomersOf(before: unknown, after: unknown): string[] {
  const [former, next] = [readPlacement(before), readPlacement(after)]
  if (former === undefined || next === undefined) return []
  const known = placementClusters(former)
  return placementClusters(next).filter(name => !known.includes(name))
}

/** The placement before, and those of `reached` that are new since, with the weight that they have now. */
function keepPlaced(before: unknown, after: unknown, reached: readonly string[]): unknown {
  const kept = newcomersOf(before, after).filter(name => reached.includes(name))
  const [former, next] = [readPlacement(before), readPlacement(after)]
  if (kept.length === 0 || former === undefined || next === undefined) return before
  const weights = placementWeights(next)
  return buildPlacement({
    ...former,
    clusters: [...former.clusters, ...kept],
    ...(former.weights && {
      weights: { ...former.weights, ...Object.fromEntries(kept.map(name => [name, weights?.[name] ?? 1])) },
    }),
  })
}

function turnRound(step: Step): Step {
  const differences = step.differences.map(({ path, actual, desired }) => ({
    path,
    actual: desired,
    desired: actual,
  }))
  return { ...step, action: 'change', differences }
}

/** The `placement` of a policy. */
export function placementIn(policy: KubeObject | undefined): unknown {
  return (policy?.spec as { placement?: unknown } | undefined)?.placement
}

function idOf(ref: ObjectRef | undefined): string {
  return ref === undefined ? '' : `${ref.apiVersion} ${describeRef(ref)}`
}
