import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { type Identity, type Mark, ownerRecordName } from '@meridian/identity'
import { type GroupBirth, isMarkDue, markGroup } from '../ownership/group-mark.ts'
import { judgeObserved, latencyGroupOf, refuseAtRisk, refuseClaim } from '../ownership/judge-group.ts'
import { isAsMarked, ownerRecordSet, readOwnerMark } from '../ownership/owner-mark.ts'
import { attach, type HealthChecks, healthChecksOf, without } from '../records/health-checks.ts'
import {
  describeRecordSet,
  isSameRecordSet,
  type LatencyRecord,
  policyOf,
  toRecordSet,
} from '../records/latency-record.ts'
import type { ObservedGroup } from '../zone/read-group.ts'
import {
  isAddition,
  type Plan,
  type PlanRow,
  planAdditions,
  planChanges,
  type Refusal,
  refuse,
} from './plan.ts'
import { planProtections } from './plan-protections.ts'

/** A latency group as it should be, and how much may be done to get there. */
export type DesiredGroup = GroupBirth & {
  readonly fqdn: string
  readonly identity: Identity
  readonly records: readonly LatencyRecord[]
  /** Take over a group without owner mark that already equals this one. */
  readonly adopt: boolean
  readonly maxDeletes: number
  readonly minRegions: number
  /** Let Route 53 reject every change of the records but ours. */
  readonly protect?: boolean
  /** Health checks by region, `none` to have none; those of other regions stay as somebody has attached them. */
  readonly healthChecks?: HealthChecks | undefined
  /** Regions that have been taken out and are let in again. */
  readonly back?: readonly string[] | undefined
}

/**
 * Decides what to do about a name, from any state of it. Pure. A group is changed whole: in one batch, exact old
 * values against new ones, or not at all. What we did not write is never touched.
 */
export function planGroup(desired: DesiredGroup, observed: ObservedGroup): Plan {
  const claim = judgeObserved(observed, desired.identity, { named: true })
  const notes = readOwnerMark(observed.ownerRecords)
  const out = claim.kind === 'ours' ? notes.out.filter(region => !desired.back?.includes(region)) : []
  const present = latencyGroupOf(observed)
  const left = claim.kind === 'ours' ? (notes.healthChecks ?? {}) : {}
  const checks = { ...left, ...healthChecksOf(present), ...desired.healthChecks }
  const wanted = desired.records
    .filter(({ region }) => !out.includes(region))
    .sort((a, b) => (a.region < b.region ? -1 : 1))
    .map(record => toRecordSet(desired.fqdn, attach(record, checks)))
  const rows = compareGroups(present, wanted)
  const refusal =
    refuseClaim(observed, claim, desired.identity) ??
    checkSize(desired) ??
    checkOut(desired, wanted, out) ??
    findObstacle(desired, observed, wanted) ??
    refuseAtRisk(desired.fqdn, present) ??
    (claim.kind === 'ours' ? checkDeletes(desired, rows) : checkUnowned(desired, present, rows))
  if (refusal !== undefined) return refuse(rows, refusal)
  const written = claim.kind === 'ours' ? claim.mark : undefined
  const after = ownerRecordSet(
    ownerRecordName(desired.fqdn),
    markGroup(desired.identity, desired, written),
    wanted,
    { ...notes, protect: desired.protect ?? false, out, healthChecks: without(left, regionsOf(wanted)) },
  )
  const plan =
    claim.kind === 'ours'
      ? planChanges(claim.owned, [...rows, compareMarks(desired, observed, claim.mark, after, rows)])
      : planAdditions([
          ...rows.filter(isAddition),
          { record: 'owner', subject: after.Name ?? '', action: 'create', after },
        ])
  const protectable = desired.protect ? [...wanted, after] : []
  const complete = planProtections(plan, desired.identity, protectable, observed.protections)
  const drifted = isAsMarked(notes, present) === false
  return complete.kind === 'change' && claim.kind === 'ours' && drifted ? { ...complete, drifted } : complete
}

function compareGroups(
  present: readonly ResourceRecordSet[],
  wanted: readonly ResourceRecordSet[],
): PlanRow[] {
  const left = [...present]
  const take = (fits: (set: ResourceRecordSet) => boolean) => {
    const at = left.findIndex(fits)
    return at < 0 ? undefined : left.splice(at, 1)[0]
  }
  const rows = wanted.map((after): PlanRow => {
    const row = { record: 'latency' as const, subject: after.Region ?? '', after }
    const equal = take(set => isSameRecordSet(set, after))
    if (equal !== undefined) return { ...row, action: 'keep', before: equal }
    const before = take(set => set.Region === after.Region)
    return before === undefined ? { ...row, action: 'create' } : { ...row, action: 'replace', before }
  })
  const rest = left.map(
    (before): PlanRow => ({ action: 'delete', record: 'latency', subject: before.Region ?? '', before }),
  )
  return [...rows, ...rest]
}

/** A mark stays as it is while its group does, and is replaced with it even where it would stay the same. */
function compareMarks(
  desired: DesiredGroup,
  { ownerRecords }: ObservedGroup,
  written: Mark,
  after: ResourceRecordSet,
  group: readonly PlanRow[],
): PlanRow {
  const [before] = ownerRecords
  const row = { record: 'owner' as const, subject: after.Name ?? '' }
  if (before === undefined) return { ...row, action: 'create', after }
  const notes = readOwnerMark(ownerRecords)
  const same =
    notes.protect === (desired.protect ?? false) &&
    notes.out.join() === readOwnerMark([after]).out.join() &&
    !isMarkDue(written, desired)
  return same && group.every(({ action }) => action === 'keep')
    ? { ...row, action: 'keep', before, after: before }
    : { ...row, action: 'replace', before, after }
}

const regionsOf = (sets: readonly ResourceRecordSet[]) => sets.map(({ Region }) => Region ?? '')

function checkSize(desired: DesiredGroup): Refusal | undefined {
  const count = desired.records.length
  const least = Math.max(1, desired.minRegions)
  if (count >= least) return undefined
  return {
    reason: 'too-few-regions',
    message: `the endpoints name ${count} region${count === 1 ? '' : 's'}, but ${desired.fqdn} must have at least ${least}`,
    fix: 'Find out why endpoints are missing. To have fewer regions, lower min-regions; to remove the name, use mode destroy.',
  }
}

function checkOut(
  { fqdn }: DesiredGroup,
  wanted: readonly ResourceRecordSet[],
  out: readonly string[],
): Refusal | undefined {
  if (wanted.length > 0) return undefined
  return {
    reason: 'too-few-regions',
    message: `every region that the endpoints name is taken out of ${fqdn}: ${out.join(', ')}`,
    fix: `Bring one back: run with mode: bring-back and regions: ${out[0]}.`,
  }
}

/** What stands at the name and cannot stand beside the wanted group. */
function findObstacle(
  desired: DesiredGroup,
  observed: ObservedGroup,
  wanted: readonly ResourceRecordSet[],
): Refusal | undefined {
  const type = wanted[0]?.Type
  const group = new Set(latencyGroupOf(observed))
  const blocks = (set: ResourceRecordSet) =>
    !group.has(set) && (type === 'CNAME' || set.Type === 'CNAME' || set.Type === type)
  const obstacles = observed.records.filter(blocks)
  const first = obstacles[0]
  if (first === undefined) return undefined
  const why =
    first.Type === type
      ? `${policyOf(first)} and latency records of one type cannot share a name`
      : 'a CNAME cannot share its name with another record'
  return {
    reason: 'in-the-way',
    message: `${desired.fqdn} already holds ${obstacles.map(describeRecordSet).join('; ')}: ${why}`,
    fix: `Remove what is there, if nobody needs it, or use another record name. It was not made by this action, which leaves it alone.`,
  }
}

function checkUnowned(
  desired: DesiredGroup,
  present: readonly ResourceRecordSet[],
  rows: readonly PlanRow[],
): Refusal | undefined {
  if (present.length === 0) return undefined
  const equal = rows.every(row => row.action === 'keep')
  if (equal && desired.adopt) return undefined
  const found = present.map(describeRecordSet).join('; ')
  return {
    reason: 'unowned',
    message: `${desired.fqdn} already has latency records without an owner mark${equal ? ', equal to the wanted ones' : ''}: ${found}`,
    fix: equal
      ? 'If they are yours, run once with adopt: true; this only adds the owner mark.'
      : 'If they are yours, give endpoints that equal them and adopt: true, then change them in a second run. Otherwise use another record name.',
  }
}

function checkDeletes(desired: DesiredGroup, rows: readonly PlanRow[]): Refusal | undefined {
  const gone = rows.filter(row => row.action === 'delete').map(row => row.subject)
  if (gone.length <= desired.maxDeletes) return undefined
  return {
    reason: 'too-many-deletes',
    message: `this would remove ${gone.length} region${gone.length === 1 ? '' : 's'} from ${desired.fqdn} (${gone.join(', ')}), and max-deletes allows ${desired.maxDeletes}`,
    fix: `Check that the endpoints are complete. If they are to go, run with max-deletes: ${gone.length}.`,
  }
}
