import { sortKey } from './domain-name.ts'
import { isSameSlot, type RecordSet } from './record-set.ts'

/** The record sets of a zone by name. Copies are cheap: a batch is tried on a copy and kept only as a whole. */
export type RecordTable = {
  at(name: string): readonly RecordSet[]
  find(slot: RecordSet): RecordSet | undefined
  put(record: RecordSet): void
  remove(slot: RecordSet): void
  copy(): RecordTable
  /** All record sets in Route 53's order, from the first that is not before `start`. */
  from(start: { name?: string; type?: string; setIdentifier?: string }): Generator<RecordSet>
  all(): RecordSet[]
}

export function createRecordTable(byName = new Map<string, readonly RecordSet[]>()): RecordTable {
  let sorted: { key: string; name: string }[] | undefined

  function replace(name: string, records: readonly RecordSet[]): void {
    if (records.length === 0 || !byName.has(name)) sorted = undefined
    if (records.length === 0) byName.delete(name)
    else byName.set(name, records.toSorted(bySlot))
  }

  function others(slot: RecordSet): readonly RecordSet[] {
    return (byName.get(slot.name) ?? []).filter(record => !isSameSlot(record, slot))
  }

  function names(): { key: string; name: string }[] {
    sorted ??= [...byName.keys()]
      .map(name => ({ key: sortKey(name), name }))
      .sort((a, b) => compare(a.key, b.key))
    return sorted
  }

  return {
    at: name => byName.get(name) ?? [],
    find: slot => byName.get(slot.name)?.find(record => isSameSlot(record, slot)),
    put: record => replace(record.name, [...others(record), record]),
    remove: slot => replace(slot.name, others(slot)),
    copy: () => createRecordTable(new Map(byName)),
    all: () => [...byName.values()].flat(),
    *from(start) {
      const key = start.name === undefined ? '' : sortKey(start.name)
      for (const entry of names()) {
        if (compare(entry.key, key) < 0) continue
        for (const record of byName.get(entry.name) ?? []) {
          if (entry.key !== key || !isBefore(record, start)) yield record
        }
      }
    },
  }
}

function isBefore(record: RecordSet, start: { type?: string; setIdentifier?: string }): boolean {
  const byType = compare(record.type, start.type ?? '')
  return byType < 0 || (byType === 0 && compare(record.setIdentifier ?? '', start.setIdentifier ?? '') < 0)
}

function bySlot(a: RecordSet, b: RecordSet): number {
  return compare(a.type, b.type) || compare(a.setIdentifier ?? '', b.setIdentifier ?? '')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
