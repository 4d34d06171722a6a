import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { ownerRecordName } from '@meridian/identity'
import { describeRecordSet } from './latency-record.ts'
import { readOwnerMark } from './owner-mark.ts'
import type { Refusal } from './plan.ts'
import type { ObservedGroup } from './read-group.ts'

/** Whose a name is, as far as its owner TXT says. */
export type Ownership =
  | { readonly kind: 'ours'; readonly mark: ResourceRecordSet }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'refuse'; readonly refusal: Refusal }

/** Reads the ownership of an observed name for `owner`. Pure. */
export function judgeOwnership(observed: ObservedGroup, owner: string): Ownership {
  const name = ownerRecordName(observed.fqdn)
  const [mark, ...others] = observed.ownerRecords
  if (mark === undefined) return { kind: 'nobody' }
  const read = others.length === 0 ? readOwnerMark(mark) : undefined
  if (read === undefined) {
    const found = observed.ownerRecords.map(describeRecordSet).join('; ')
    return {
      kind: 'refuse',
      refusal: {
        reason: 'unreadable-owner',
        message: `${name} is where the owner of ${observed.fqdn} is marked, but it holds something else: ${found}`,
        fix: `Delete ${name} if nobody needs it, or use another record name.`,
      },
    }
  }
  if (read.owner === owner) return { kind: 'ours', mark }
  return {
    kind: 'refuse',
    refusal: {
      reason: 'foreign-owner',
      message: `${observed.fqdn} belongs to '${read.owner}', as its owner mark ${name} says; this run acts for '${owner}'`,
      fix: `Use another record name or environment. If '${read.owner}' is yours, give it as the input owner.`,
    },
  }
}

/** The latency records of the name that are or could be ours: of the types that we write. */
export function latencyGroupOf(observed: ObservedGroup): ResourceRecordSet[] {
  return observed.records.filter(
    set => set.Region !== undefined && (set.Type === 'A' || set.Type === 'CNAME'),
  )
}
