import type { Pending } from '@meridian/kops'
import { type Plan, type Update, untouched } from './plan.ts'
import type { Wish } from './plan-cluster.ts'

/** Whether kops has anything to do for an update. */
export function isDue(plan: Update): boolean {
  return plan.unfinished || edits(plan) || plan.pending.length > 0 || plan.upgrade !== undefined
}

/** Whether an update saves something itself. */
export function edits({ resizes, apiAccess, differences }: Update): boolean {
  return resizes.length > 0 || apiAccess !== undefined || differences.some(({ remedy }) => remedy === 'roll')
}

/** Whether kops has to say what else it would apply: what nobody has asked of this run. */
export function needsPreview(plan: Update, wish: Pick<Wish, 'applyPending' | 'upgrade'>): boolean {
  return !plan.unfinished && (edits(plan) || wish.applyPending || wish.upgrade !== undefined)
}

/** Takes edits that others have saved and not applied into account. */
export function withPending(
  plan: Update,
  pending: Pending,
  { applyPending }: Pick<Wish, 'applyPending'>,
): Plan {
  if (pending.length === 0 || applyPending) return { ...plan, pending }
  return {
    kind: 'refuse',
    reason: `others have saved changes and not applied them, which kops would apply with yours: ${pending.join('; ')}`,
    fix: `Look at them with \`kops update cluster\`. To have them applied too, set apply-pending to true. ${untouched}`,
    input: 'apply-pending',
  }
}
