import { manager } from '@meridian/identity'
import { heldClusters, holdBack, policyTarget } from '@meridian/karmada'
import { describeRef, type ObjectRef, refOf } from '@meridian/kube'
import { extractApplied } from './extract-applied.ts'
import { hashAnnotation } from './mark-object.ts'
import type { Step } from './plan.ts'

/** A template that reaches the regions wave by wave, with its policy. */
export type Mover = {
  /** As `describeRef` names the template. */
  name: string
  template: Step
  policy: Step
  /** Clusters from which a run before has held it back, and not let go. */
  held: readonly string[]
}

/** Templates that change, and those that a run before has left held back somewhere. */
export function listMovers(steps: readonly Step[]): Mover[] {
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
    return [{ name: describeRef(refOf(template.object)), template, policy, held }]
  })
}

/**
 * The clusters that a mover must not reach before wave `at` is over: those of later waves. Where the template
 * itself is not changed, a region that was let go before is not held again.
 */
export function holdUntil(mover: Mover, waves: readonly string[][], at: number): string[] {
  const later = waves.slice(at + 1).flat()
  return mover.template.action === 'keep' ? later.filter(cluster => mover.held.includes(cluster)) : later
}

/**
 * The step that makes a mover's policy hold back these clusters; with none it is the policy as desired. `written`
 * says whether this run has written the policy before.
 */
export function holdStep({ policy }: Mover, clusters: readonly string[], written: boolean): Step {
  const action = policy.action === 'create' && !written ? 'create' : 'change'
  if (clusters.length === 0) return { ...policy, action }
  const { metadata } = policy.object
  // Another hash than the desired policy's: a run that finds it knows that it is not as it should be.
  const annotations = { ...metadata.annotations, [hashAnnotation]: 'held' }
  const object = { ...holdBack(policy.object, clusters), metadata: { ...metadata, annotations } }
  return { ...policy, object, action }
}

/** The step that brings back what was applied before; `undefined` of a template that is new. */
export function formerStep({ template }: Mover): Step | undefined {
  if (template.action !== 'change' || template.live === undefined) return undefined
  const former = extractApplied(template.live, manager)
  return former && { ...template, object: former }
}

function idOf(ref: ObjectRef | undefined): string {
  return ref === undefined ? '' : `${ref.apiVersion} ${describeRef(ref)}`
}
