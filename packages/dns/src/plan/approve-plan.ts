import { createHash } from 'node:crypto'
import { withoutExpiry } from '../ownership/owner-mark.ts'
import { type Plan, refuse } from './plan.ts'

/**
 * Identifies what a plan does to records, from what to what, whenever it is made: the expiry in a mark is not part of
 * it. Undefined for one that does nothing to them.
 */
export function planDigest(plan: Plan): string | undefined {
  if (plan.kind !== 'change' || plan.batch.length === 0) return undefined
  const batch = plan.batch.map(({ Action, ResourceRecordSet: set }) => [Action, set && withoutExpiry(set)])
  return createHash('sha256').update(JSON.stringify(batch)).digest('hex').slice(0, 16)
}

/** Turns a plan into a refusal if it is another than the one that was `approved` by its digest. Pure. */
export function approvePlan(plan: Plan, approved: string | undefined): Plan {
  const digest = planDigest(plan)
  if (approved === undefined || digest === undefined || digest === approved) return plan
  return refuse(plan.rows, {
    reason: 'not-approved',
    message: `the plan is ${digest} by now, but ${approved} was approved: the endpoints, the inputs or the records have changed since`,
    fix: 'Look at the new plan, and approve that.',
  })
}
