import { sortKey } from './domain-name.ts'
import { isSameSlot, type RecordSet } from './record-set.ts'

/** The record sets of a zone by name. Copies are cheap: a batch is tried on a copy and kept only as a whole. */
export type RecordTable = {
  readonly size: number
  at(name: string): readonly RecordSet[]
  find(slot: RecordSet): RecordSet | undefined
  /** Whether a record set has this name or one below it. */
  reaches(name: string): boolean
  put(record: RecordSet): void
  remove(slot: RecordSet): void
  copy(): RecordTable
  /** All record sets in Route 53's order, from the first that is not before `start`. */
  from(start: { name?: string; type?: string; setIdentifier?: string }): Generator<RecordSet>
  all(): RecordSet[]
}

type Entry = { key: string; name: string }
type Content = { byName: Map<string, readonly RecordSet[]>; sorted: readonly Entry[]; size: number }

/** An empty table, or one over the content of another, which it does not change. */
export function createRecordTable(
  { byName, sorted, size }: Content = { byName: new Map(), sorted: [], size: 0 },
): RecordTable {
  // Tables share the sorted names: it is replaced, never changed.
  function replace(name: string, records: readonly RecordSet[]): void {
    const before = byName.get(name)?.length ?? 0
    size += records.length - before
    if (records.length === 0) byName.delete(name)
    else byName.set(name, records.toSorted(bySlot))
    if ((before === 0) === (records.length === 0)) return
    const key = sortKey(name)
    const index = findFirst(sorted, key)
    sorted = before === 0 ? sorted.toSpliced(index, 0, { key, name }) : sorted.toSpliced(index, 1)
  }

  function others(slot: RecordSet): readonly RecordSet[] {
    return (byName.get(slot.name) ?? []).filter(record => !isSameSlot(record, slot))
  }

  return {
    get size() {
      return size
    },
    at: name => byName.get(name) ?? [],
    find: slot => byName.get(slot.name)?.find(record => isSameSlot(record, slot)),
    reaches(name) {
      const key = sortKey(name)
      return sorted[findFirst(sorted, key)]?.key.startsWith(key) ?? false
    },
    put: record => replace(record.name, [...others(record), record]),
    remove: slot => replace(slot.name, others(slot)),
    copy: () => createRecordTable({ byName: new Map(byName), sorted, size }),
    all: () => [...byName.values()].flat(),
    *from(start) {
      const key = start.name === undefined ? '' : sortKey(start.name)
      for (let index = findFirst(sorted, key); index < sorted.length; index += 1) {
        const entry = sorted[index]
        if (!entry) return
        for (const record of byName.get(entry.name) ?? []) {
          if (entry.key !== key || !isBefore(record, start)) yield record
        }
      }
    },
  }
}

/** Index of the first name that is not before `key`. */
function findFirst(sorted: readonly Entry[], key: string): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(sorted[middle]?.key ?? '', key) < 0) low = middle + 1
    else high = middle
  }
  return low
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
