import { describeRecordSet } from './latency-record.ts'
import { judgeOwnership, latencyGroupOf } from './ownership.ts'
import { type Plan, type PlanRow, planOf, refuse } from './plan.ts'
import { planProtections } from './plan-protections.ts'
import type { ObservedGroup } from './read-group.ts'

/**
 * Decides how to remove a name's latency group and its owner TXT. Pure. An absent group is nothing to do; one
 * without mark or of another owner is refused; what else stands at the name stays.
 */
export function planRemoval(owner: string, observed: ObservedGroup): Plan {
  const present = latencyGroupOf(observed)
  const rows = present.map(
    (before): PlanRow => ({ action: 'delete', record: 'latency', subject: before.Region ?? '', before }),
  )
  const ownership = judgeOwnership(observed, owner)
  if (ownership.kind === 'refuse') return refuse(rows, ownership.refusal)
  if (ownership.kind === 'ours') {
    const { mark } = ownership
    const plan = planOf([
      ...rows,
      { action: 'delete', record: 'owner', subject: mark.Name ?? '', before: mark },
    ])
    return planProtections(plan, owner, [], observed.protections)
  }
  if (present.length === 0) return planProtections(planOf([]), owner, [], observed.protections)
  return refuse(rows, {
    reason: 'unowned',
    message: `${observed.fqdn} has latency records without an owner mark: ${present.map(describeRecordSet).join('; ')}`,
    fix: 'They are left alone. If they are yours, take them over with mode apply and adopt: true, or delete them by hand.',
  })
}
