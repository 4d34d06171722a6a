import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { type Identity, ownerRecordName } from '@meridian/identity'
import { type GroupBirth, isMarkDue, markGroup } from '../ownership/group-mark.ts'
import { judgeObserved, latencyGroupOf, refuseClaim } from '../ownership/judge-group.ts'
import { ownerRecordSet } from '../ownership/owner-mark.ts'
import { describeRecordSet } from '../records/latency-record.ts'
import type { ObservedGroup } from '../zone/read-group.ts'
import { type Plan, type PlanRow, planAdditions, planChanges, refuse } from './plan.ts'
import { planProtections } from './plan-protections.ts'

/** What leads users to a name. */
const types = ['A', 'AAAA', 'CNAME'] as const

/**
 * Decides how to keep a name for a group that is not there yet: an owner mark without records says whose it is, and
 * protections, which Route 53 makes for names without records too, let nobody else write there. The first run that
 * applies lifts them as it does those of its group. Pure. A group that is there needs no reservation.
 */
export function planReservation(identity: Identity, observed: ObservedGroup, birth: GroupBirth): Plan {
  const { fqdn, records, ownerRecords, protections } = observed
  const claim = judgeObserved(observed, identity, { named: true })
  const refusal = refuseClaim(observed, claim, identity)
  if (refusal !== undefined) return refuse([], refusal)
  const ours = claim.kind === 'ours' ? claim : undefined
  const group = ours ? latencyGroupOf(observed) : []
  if (ours && group.length > 0) return planChanges(ours.owned, [...group, ...ownerRecords].map(keep))
  const obstacles = records.filter(({ Type }) => types.some(type => type === Type))
  if (obstacles.length > 0)
    return refuse([], {
      reason: 'in-the-way',
      message: `${fqdn} cannot be reserved, since it already holds ${obstacles.map(describeRecordSet).join('; ')}`,
      fix: 'Use another record, or remove what is there, if nobody needs it. It was not made by this action, which leaves it alone.',
    })
  const name = ownerRecordName(fqdn)
  const after = ownerRecordSet(name, markGroup(identity, birth, ours?.mark), [], { protect: true })
  const row = { record: 'owner' as const, subject: after.Name ?? '', after }
  const plan = ours
    ? planChanges(
        ours.owned,
        ownerRecords.map(before =>
          isMarkDue(ours.mark, birth) ? { ...row, action: 'replace', before } : keep(before),
        ),
      )
    : planAdditions([{ ...row, action: 'create' }])
  const reserved = types.map((Type): ResourceRecordSet => ({ Name: `${fqdn}.`, Type }))
  return planProtections(plan, identity, [...reserved, after], protections)
}

function keep(set: ResourceRecordSet): PlanRow {
  const record = set.Type === 'TXT' ? 'owner' : 'latency'
  return { action: 'keep', record, subject: set.Region ?? set.Name ?? '', before: set, after: set }
}
