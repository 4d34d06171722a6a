import { protectionKey } from './protection.ts'
import type { Zone } from './zones.ts'

/** Why a batch may not touch a record set, if it is protected. */
export function protectionProblem(zone: Zone, record: { name: string; type: string }): string | undefined {
  const protection = zone.protections.get(protectionKey(record))
  if (!protection) return undefined
  const comment = protection.comment === undefined ? '' : ` (comment: ${protection.comment})`
  return `RRSet with DNS name ${record.name}, type ${record.type} is protected${comment} and cannot be created, updated or deleted`
}
