import type { World } from '@meridian/lab-world'
import type { Change } from './change-batch.ts'
import type { RecordSet } from './record-set.ts'
import type { RecordTable } from './record-table.ts'
import type { Zone } from './zones.ts'

/** Keeps the world's inventory in step with a change: every record set but NS and SOA of the zone itself. */
export function accountForRecords(
  world: World,
  zone: Zone,
  changes: readonly Change[],
  next: RecordTable,
): void {
  for (const { record: slot } of changes) {
    const id = idOf(zone, slot)
    const record = next.find(slot)
    const known = world.inventory.get(id)
    // A record set that moved to another region is another thing.
    if (known && (!record || known.region !== regionOf(record))) world.inventory.remove(id)
    if (!record || world.inventory.get(id) || isOwn(zone, record)) continue
    world.inventory.add({
      type: 'record-set',
      account: zone.account,
      region: regionOf(record),
      id,
      name: record.name,
      attributes: { zoneId: zone.id, recordType: record.type, setIdentifier: record.setIdentifier },
    })
  }
}

function regionOf(record: RecordSet): string {
  return record.region ?? 'global'
}

function isOwn(zone: Zone, record: RecordSet): boolean {
  return record.name === zone.name && (record.type === 'NS' || record.type === 'SOA')
}

function idOf(zone: Zone, record: RecordSet): string {
  return [zone.id, record.name, record.type, ...(record.setIdentifier ? [record.setIdentifier] : [])].join(
    '/',
  )
}
