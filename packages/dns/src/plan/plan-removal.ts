import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import type { Identity, Owned } from '@meridian/identity'
import { judgeObserved, latencyGroupOf, refuseAtRisk, refuseClaim } from '../ownership/judge-group.ts'
import { readOwnerMark } from '../ownership/owner-mark.ts'
import { describeRecordSet } from '../records/latency-record.ts'
import type { ObservedGroup } from '../zone/read-group.ts'
import { type Plan, type PlanRow, planAdditions, planChanges, refuse } from './plan.ts'
import { planAround } from './plan-around.ts'
import { planProtections } from './plan-protections.ts'

export type RemovalOptions = {
  /** The regions that are to go; all of them, and what outlived its group, where absent. */
  readonly regions?: readonly string[] | undefined
  /** Whether the run names the record, or found it by reading the zone (see `Naming`). True by default. */
  readonly named?: boolean
}

/**
 * Decides how to remove a name's latency group and its owner TXT, or some regions of it: both go with the last one.
 * Pure. An absent group or region is nothing to do; a group without mark or of another owner is refused; what else
 * stands at the name stays.
 */
export function planRemoval(
  identity: Identity,
  observed: ObservedGroup,
  { regions, named = true }: RemovalOptions = {},
): Plan {
  const present = latencyGroupOf(observed)
  const goes = (set: ResourceRecordSet) => regions === undefined || regions.includes(set.Region ?? '')
  const staying = present.filter(set => !goes(set))
  const rows = present.map((set): PlanRow => {
    const row = { record: 'latency' as const, subject: set.Region ?? '', before: set }
    return goes(set) ? { ...row, action: 'delete' } : { ...row, action: 'keep', after: set }
  })
  const claim = judgeObserved(observed, identity, { named })
  if (claim.kind === 'ours') {
    const atRisk = refuseAtRisk(observed.fqdn, present.filter(goes))
    if (atRisk !== undefined) return refuse(rows, atRisk)
    return staying.length === 0
      ? removeWhole(claim.owned, identity, rows)
      : planAround(claim.owned, identity, claim.mark, {
          rows,
          forGood: regions,
          out: readOwnerMark(observed.ownerRecords).out.filter(region => !regions?.includes(region)),
        })
  }
  const refusal = refuseClaim(observed, claim, identity)
  if (refusal !== undefined) return refuse(rows, refusal)
  if (present.length === 0) return planProtections(planAdditions([]), identity, [], observed.protections)
  return refuse(rows, {
    reason: 'unowned',
    message: `${observed.fqdn} has latency records without an owner mark: ${present.map(describeRecordSet).join('; ')}`,
    fix: 'They are left alone. If they are yours, take them over with latency-dns, mode apply and adopt: true, or delete them by hand.',
  })
}

function removeWhole(owned: Owned<ObservedGroup>, identity: Identity, rows: readonly PlanRow[]): Plan {
  const marks = owned.ownerRecords.map(
    (before): PlanRow => ({ action: 'delete', record: 'owner', subject: before.Name ?? '', before }),
  )
  return planProtections(planChanges(owned, [...rows, ...marks]), identity, [], owned.protections)
}
