import type { World } from '../../world/index.ts'
import type { RecordSet } from './record-set.ts'
import type { RecordTable } from './record-table.ts'
import type { Zone } from './zones.ts'

/** Keeps the world's inventory in step with a zone: every record set but NS and SOA of the zone itself. */
export function accountForRecords(world: World, zone: Zone, next: RecordTable): void {
  const ids = new Map(
    next.all().flatMap(record => (isOwn(zone, record) ? [] : [[idOf(zone, record), record]])),
  )
  for (const { id } of world.inventory.list({ type: 'record-set', attributes: { zoneId: zone.id } })) {
    if (!ids.delete(id)) world.inventory.remove(id)
  }
  for (const [id, record] of ids) {
    world.inventory.add({
      type: 'record-set',
      region: record.region ?? 'global',
      id,
      name: record.name,
      attributes: { zoneId: zone.id, recordType: record.type, setIdentifier: record.setIdentifier },
    })
  }
}

function isOwn(zone: Zone, record: RecordSet): boolean {
  return record.name === zone.name && (record.type === 'NS' || record.type === 'SOA')
}

function idOf(zone: Zone, record: RecordSet): string {
  return [zone.id, record.name, record.type, ...(record.setIdentifier ? [record.setIdentifier] : [])].join(
    '/',
  )
}
