import { claimingPolicy, everywhere } from '@meridian/karmada'
import type { Step } from '../plan/plan.ts'
import { listStaged, type StagedTemplate } from './plan-waves.ts'

/** Where a workload says how many pods it has. */
const sizes = ['spec.replicas', 'spec.parallelism']

/** Workloads that are to change in one step where Karmada would take two or more. */
export function listSuspendedChanges(steps: readonly Step[]): StagedTemplate[] {
  return listStaged(steps).filter(needsSuspension)
}

/**
 * Whether two of the three change: how many replicas there are, where they go, and what they run. Karmada takes up
 * template and policy one after the other and divides anew each time, and what it divides in between reaches the members:
 * they are rolled out and resized at once, or lose a Deployment whose share is 0 for that moment. What an interrupted run
 * has left held back is one change of what they run; held back everywhere, it may be in the midst of this.
 */
export function needsSuspension({ template, policy, held }: StagedTemplate): boolean {
  if (template.live === undefined || claimingPolicy(template.live) !== policy.object.metadata.name)
    return false
  if (sizeOf(template) === undefined) return false
  if (held.includes(everywhere)) return true
  const isResized = template.differences.some(({ path }) => sizes.includes(path))
  const isMoved = policy.differences.some(({ path }) => path.startsWith('spec.placement'))
  const isRolled = template.differences.some(({ path }) => path.startsWith('spec.') && !sizes.includes(path))
  return [isResized, isMoved, isRolled || held.length > 0].filter(Boolean).length >= 2
}

/** Whether a suspended change's template is written before its policy. */
export function isTemplateFirst({ template }: StagedTemplate): boolean {
  const { before, after } = sizeOf(template) ?? { before: 0, after: 0 }
  return firstWritten(before, after) === 'template'
}

/**
 * What of the two is written first, so that no cluster that has replicas before and after gets fewer in between than the
 * smaller of both, under any placements. Holding changes back does not spare it that: Karmada deletes what it finds in no
 * schedule also there (`removeOrphanWorks` of its binding controller). More replicas under one placement give no cluster
 * fewer, by fixed weights (Webster's method gives out one after the other) as by free capacity (which Karmada only adds
 * to) and whole; so whichever is the larger number is divided by both placements.
 */
export function firstWritten(before: number, after: number): 'template' | 'policy' {
  return after > before ? 'template' : 'policy'
}

/** Replicas before and after; undefined of what has none. A server fills in 1 where none are stated any more. */
function sizeOf({ live, differences }: Step): { before: number; after: number } | undefined {
  const spec = (live?.spec ?? {}) as { replicas?: unknown; parallelism?: unknown }
  const before = spec.replicas ?? spec.parallelism
  if (typeof before !== 'number') return undefined
  const change = differences.find(({ path }) => sizes.includes(path))
  return change
    ? { before: Number(change.actual ?? 1), after: Number(change.desired ?? 1) }
    : { before, after: before }
}
