import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import type { Identity } from '@meridian/identity'
import { judgeObserved, latencyGroupOf, refuseAtRisk, refuseClaim } from '../ownership/judge-group.ts'
import { readOwnerMark } from '../ownership/owner-mark.ts'
import type { ObservedGroup } from '../zone/read-group.ts'
import { type Plan, type PlanRow, type Refusal, refuse } from './plan.ts'
import { planAround } from './plan-around.ts'

/**
 * Decides how to take regions out of a name's latency group, and how to let them in again. Pure. A region that is out has
 * no record, and the owner TXT keeps every run from making one. To bring it back only takes that note away: the next
 * run that knows its endpoint makes the record. Both need nothing but Route 53.
 */
export function planOutage(
  identity: Identity,
  observed: ObservedGroup,
  wish: {
    readonly mode: 'take-out' | 'bring-back'
    readonly regions: readonly string[]
    readonly minRegions: number
    /** The most regions that may be out at once. */
    readonly maxOut?: number | undefined
    /** For an upgrade, which brings them back: what a person has taken out is refused, since that is to stay. */
    readonly upgrade?: boolean | undefined
  },
): Plan {
  const present = latencyGroupOf(observed)
  const goes = (set: ResourceRecordSet) => wish.mode === 'take-out' && wish.regions.includes(set.Region ?? '')
  const rows = present.map((set): PlanRow => {
    const row = { record: 'latency' as const, subject: set.Region ?? '', before: set }
    return goes(set) ? { ...row, action: 'delete' } : { ...row, action: 'keep', after: set }
  })
  const claim = judgeObserved(observed, identity, { named: true })
  const least = Math.max(1, wish.minRegions)
  const staying = rows.filter(({ action }) => action === 'keep').length
  if (claim.kind !== 'ours')
    return refuse(rows, refuseClaim(observed, claim, identity) ?? nothingOurs(observed))
  if (wish.mode === 'take-out' && staying < least) return refuse(rows, tooFew(observed.fqdn, staying, least))
  const atRisk = refuseAtRisk(observed.fqdn, present.filter(goes))
  if (atRisk !== undefined) return refuse(rows, atRisk)
  const { out: before, upgrading = [] } = readOwnerMark(observed.ownerRecords)
  const byHand = wish.regions.filter(region => before.includes(region) && !upgrading.includes(region))
  if (wish.mode === 'take-out' && wish.upgrade && byHand.length > 0)
    return refuse(rows, outByHand(observed.fqdn, byHand))
  const out =
    wish.mode === 'take-out'
      ? [...new Set([...before, ...wish.regions])].sort()
      : before.filter(region => !wish.regions.includes(region))
  if (wish.mode === 'take-out' && wish.maxOut !== undefined && out.length > wish.maxOut)
    return refuse(rows, tooManyOut(observed.fqdn, before, wish.maxOut))
  const taken = wish.mode === 'take-out' && wish.upgrade ? wish.regions : []
  return planAround(claim.owned, identity, claim.mark, { rows, out, upgrading: taken })
}

function nothingOurs({ fqdn, records }: ObservedGroup): Refusal {
  return {
    reason: 'unowned',
    message:
      records.length === 0
        ? `there is no latency group at ${fqdn}`
        : `${fqdn} has records without an owner mark, which are left alone`,
    fix: 'Check domain, environment and record: regions can be taken out of a group that latency-dns has made.',
  }
}

function outByHand(fqdn: string, regions: readonly string[]): Refusal {
  return {
    reason: 'taken-out',
    message: `${regions.join(', ')} is out of ${fqdn} because somebody has taken it out, not for an upgrade`,
    fix: 'An upgrade would bring it back. Bring it back yourself first, with latency-dns in mode bring-back. Nothing has been changed.',
  }
}

function tooManyOut(fqdn: string, before: readonly string[], most: number): Refusal {
  const already = before.length > 0 ? before.join(', ') : 'none'
  return {
    reason: 'too-few-regions',
    message: `this would take more than ${most} region${most === 1 ? '' : 's'} out of ${fqdn}; out of it already: ${already}`,
    fix: 'Bring back what is out first, or raise max-out. Nothing has been changed.',
  }
}

function tooFew(fqdn: string, count: number, least: number): Refusal {
  return {
    reason: 'too-few-regions',
    message: `this would leave ${fqdn} with ${count} region${count === 1 ? '' : 's'}, and it must have at least ${least}`,
    fix: 'Bring another region back first, or lower min-regions. To remove the name, use mode destroy.',
  }
}
