import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { ForeignAnswerError } from '@meridian/aws'
import { ownerRecordName, type Reading, unreadable } from '@meridian/identity'
import { withDerivedDomain } from '../ownership/derive-domain.ts'
import { type AlienMark, nameOfMark, readAlienMark } from '../ownership/other-tools-marks.ts'
import { readOwnerMark } from '../ownership/owner-mark.ts'
import { isLatencyRecord, targetOf } from '../records/latency-record.ts'
import type { Route53 } from '../route53.ts'
import { listRecords, type RecordsStart } from './list-records.ts'
import { ancestorsOf, normalizeName, parentOf } from './name.ts'

export type GroupTarget = { readonly region: string; readonly target: string }

/** A name of a zone that has a latency group, a mark of ours, or both. */
export type ZoneGroup = {
  readonly fqdn: string
  /**
   * What its marks say to who found it by reading the zone: those of other tools come before ours, and a mark of
   * version 0.1 has the domain that follows from the name.
   */
  readonly reading: Reading
  /** What its marks say as they are written. */
  readonly written: Reading
  /** Its latency records (A and CNAME); none where only a mark is left. */
  readonly records: readonly GroupTarget[]
}

/** What is kept of a zone while it is read, which may have 10,000 records. */
type Seen = {
  readonly groups: Map<string, GroupTarget[]>
  readonly marks: Map<string, ResourceRecordSet[]>
  readonly aliens: AlienMark[]
  /** Names that a mark of another tool can speak for. */
  readonly standing: Set<string>
}

const prefix = ownerRecordName('')

/**
 * All latency groups and owner marks of a zone, and whose they are. Reads the whole zone once, 300 records at a time.
 * Throws a ForeignAnswerError where the answers are no whole zone: one that cannot be read is never an empty one.
 */
export async function readGroups(route53: Route53, zone: { id: string; name: string }): Promise<ZoneGroup[]> {
  const seen: Seen = { groups: new Map(), marks: new Map(), aliens: [], standing: new Set() }
  let complete = false
  let start: RecordsStart | undefined = {}
  while (start !== undefined) {
    const { sets, next } = await listRecords(route53, zone.id, start)
    complete ||= sets.some(set => set.Type === 'SOA' && normalizeName(set.Name ?? '') === zone.name)
    for (const set of sets) note(seen, set)
    start = next
  }
  if (!complete)
    throw new ForeignAnswerError(
      `the records of ${zone.name} were listed without its SOA, which every zone has`,
    )
  return judgeReadings(seen)
}

/** The records of some groups by which users are led to a region. */
export function recordsLeadingTo(
  groups: readonly ZoneGroup[],
  region: string,
): (GroupTarget & Pick<ZoneGroup, 'fqdn' | 'reading'>)[] {
  return groups.flatMap(({ fqdn, reading, records }) =>
    records.filter(record => record.region === region).map(record => ({ fqdn, reading, ...record })),
  )
}

/** The groups by which users are led to one of some load balancers, by the names that Services tell of them. */
export function groupsLeadingTo(groups: readonly ZoneGroup[], hostnames: readonly string[]): ZoneGroup[] {
  const targets = new Set(hostnames.map(plainHostname))
  return groups.filter(({ records }) => records.some(({ target }) => targets.has(plainHostname(target))))
}

/** A load balancer's own name: alias records may add a prefix and a dot. */
export function plainHostname(target: string): string {
  return target
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^dualstack\./, '')
}

function note({ groups, marks, aliens, standing }: Seen, set: ResourceRecordSet): void {
  const name = normalizeName(set.Name ?? '')
  if (name.startsWith(prefix)) add(marks, name.slice(prefix.length), set)
  if (isLatencyRecord(set)) add(groups, name, { region: set.Region ?? '', target: targetOf(set) })
  if (set.Type !== 'TXT') standing.add(name)
  const alien = readAlienMark(set)
  if (alien !== undefined) aliens.push(alien)
}

function add<T>(lists: Map<string, T[]>, key: string, value: T): void {
  lists.set(key, [...(lists.get(key) ?? []), value])
}

function judgeReadings({ groups, marks, aliens, standing }: Seen): ZoneGroup[] {
  for (const name of marks.keys()) standing.add(name)
  const others = new Map<string, Reading>()
  for (const alien of aliens) {
    const name = nameOfMark(alien, standing)
    if (name !== undefined) others.set(name, alien.reading)
  }
  const names = [...new Set([...groups.keys(), ...marks.keys()])]
  const tops = new Set(names.flatMap(name => ancestorsOf(parentOf(name))))
  return names.map(fqdn => {
    const written = others.get(fqdn) ?? readOwnerMark(marks.get(fqdn) ?? []).reading
    const reading = readFound(fqdn, written, tops.has(fqdn))
    return { fqdn, written, reading, records: groups.get(fqdn) ?? [] }
  })
}

/** A mark of version 0.1 at a name with others below it may be that of the top of another domain, or not. */
function readFound(fqdn: string, written: Reading, isTop: boolean): Reading {
  if (written.kind !== 'marked' || written.mark.domain !== undefined) return written
  if (isTop && written.mark.owner === 'default')
    return unreadable(`its mark is of version 0.1 and names no domain, and ${fqdn} may be one itself`)
  return withDerivedDomain(fqdn, written)
}
