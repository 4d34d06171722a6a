import type { World } from '@meridian/lab-world'
import type { RecordTable } from './record-table.ts'

/** How long a change takes to reach all name servers, in world seconds: AWS says generally within 60. */
const propagationSeconds = 30

/** When a change that is made now will have reached all name servers, in world seconds. */
export function inSyncAt({ clock, faults }: World): number {
  if (faults.active('stuck-changes')) return Number.POSITIVE_INFINITY
  return clock.elapsed() + propagationSeconds * (faults.active('slow-changes') ? 10 : 1)
}

/** The tables of a zone that its name servers have or will have, oldest first; `at` in world seconds. */
export type Edition = { records: RecordTable; at: number }

/** Sends an edition on its way to the name servers. */
export function publishRecords(zone: { editions: Edition[] }, edition: Edition, now: number): void {
  publishedRecords(zone, now)
  zone.editions.push(edition)
}

/** What the name servers have: the last edition that has reached them. Forgets those before it. */
export function publishedRecords(zone: { editions: Edition[] }, now: number): RecordTable {
  while (zone.editions[1] && zone.editions[1].at <= now) zone.editions.shift()
  const [current] = zone.editions
  if (!current) throw new Error('a zone has at least one edition')
  return current.records
}
