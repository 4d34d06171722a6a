import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { ownerRecordName, type Reading } from '@meridian/identity'
import { readOwnerMark } from '../ownership/owner-mark.ts'
import { type Protection, readProtections } from '../ownership/protections.ts'
import type { Route53 } from '../route53.ts'
import { listRecords, type RecordsStart } from './list-records.ts'
import { compareNames, normalizeName } from './name.ts'

/** What Route 53 holds at a name and at the name of its owner TXT, byte for byte. */
export type ObservedGroup = {
  readonly fqdn: string
  readonly records: readonly ResourceRecordSet[]
  readonly ownerRecords: readonly ResourceRecordSet[]
  /** Protections of both names, if they were looked at. */
  readonly protections?: readonly Protection[]
  /** What a mark of another tool at another name says, if one was looked for and found. */
  readonly alien?: Reading
}

/**
 * Reads one name and its owner TXT, whatever else is in the zone. The listing is sorted by label from the right, so
 * the TXT's name follows the record's at once and one read brings both, unless hundreds of names lie between.
 * It includes changes that are still pending, which makes it fit for reading back. Protections are another read:
 * without `look` they are read only where the owner TXT says that there may be some of ours.
 */
export async function readGroup(
  route53: Route53,
  zone: { id: string },
  fqdn: string,
  look?: 'needed' | 'if-allowed',
): Promise<ObservedGroup> {
  const owner = ownerRecordName(fqdn)
  const { sets, reached } = await listName(route53, zone.id, fqdn, owner)
  const rest = reached ? [] : (await listName(route53, zone.id, owner, owner)).sets
  const at = (name: string, from: ResourceRecordSet[]) =>
    from.filter(set => normalizeName(set.Name ?? '') === name)
  const group = { fqdn, records: at(fqdn, sets), ownerRecords: at(owner, [...sets, ...rest]) }
  const needed = look === 'needed' || readOwnerMark(group.ownerRecords).protect
  if (!needed && look === undefined) return group
  const protections = await readProtections(route53, zone, [fqdn, owner], needed ? 'needed' : 'if-allowed')
  return protections ? { ...group, protections } : group
}

/** Lists from `start` as long as pages begin with that name; `reached` if they went past `until` as well. */
async function listName(
  route53: Route53,
  zoneId: string,
  start: string,
  until: string,
): Promise<{ sets: ResourceRecordSet[]; reached: boolean }> {
  const sets: ResourceRecordSet[] = []
  let from: RecordsStart | undefined = { Name: start }
  while (from !== undefined) {
    const { sets: page, next } = await listRecords(route53, zoneId, from)
    sets.push(...page)
    if (next?.Name === undefined || compareNames(next.Name, until) > 0) return { sets, reached: true }
    from = normalizeName(next.Name) === start ? next : undefined
  }
  return { sets, reached: false }
}
