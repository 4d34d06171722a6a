import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { type Identity, type Mark, type Owned, ownerRecordName } from '@meridian/identity'
import { remarkGroup } from '../ownership/group-mark.ts'
import { ownerRecordSet, readOwnerMark } from '../ownership/owner-mark.ts'
import { healthChecksOf, without } from '../records/health-checks.ts'
import type { ObservedGroup } from '../zone/read-group.ts'
import { type Plan, type PlanRow, planChanges } from './plan.ts'
import { planProtections } from './plan-protections.ts'

/**
 * A change of a group of ours that leaves some of its records as they are: its mark is written anew around them, with
 * the regions that are out from now on, and with the health checks of records that are gone, unless for good. Pure.
 */
export function planAround(
  owned: Owned<ObservedGroup>,
  identity: Identity,
  written: Mark,
  {
    rows,
    out,
    upgrading,
    forGood = [],
  }: {
    rows: readonly PlanRow[]
    out: readonly string[]
    /** Those that go out for an upgrade. */
    upgrading?: readonly string[] | undefined
    forGood?: readonly string[] | undefined
  },
): Plan {
  const staying = rows.flatMap((row): ResourceRecordSet[] => (row.after ? [row.after] : []))
  const notes = readOwnerMark(owned.ownerRecords)
  const gone = rows.flatMap(({ action, before }) => (action === 'delete' && before ? [before] : []))
  const healthChecks = without({ ...notes.healthChecks, ...healthChecksOf(gone) }, forGood)
  const changes = rows.some(row => row.action !== 'keep') || notes.out.join() !== out.join()
  const name = ownerRecordName(owned.fqdn)
  const renewed = ownerRecordSet(name, remarkGroup(identity, written), staying, {
    ...notes,
    out,
    upgrading: [...new Set([...(notes.upgrading ?? []), ...(upgrading ?? [])])].sort(),
    healthChecks,
  })
  const marks = owned.ownerRecords.map((before): PlanRow => {
    const row = { record: 'owner' as const, subject: before.Name ?? '', before }
    return changes ? { ...row, action: 'replace', after: renewed } : { ...row, action: 'keep', after: before }
  })
  const plan = planChanges(owned, [...rows, ...marks])
  return planProtections(plan, identity, notes.protect ? [...staying, renewed] : [], owned.protections)
}
