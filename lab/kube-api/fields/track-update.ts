import type { FieldChanges } from './compare-fields.ts'
import { type FieldPath, type FieldSet, ownable, union, without } from './field-set.ts'
import { foldOldUpdaters, isSameManager, type Manager, type ManagerIdentity } from './managed-fields.ts'

/** Whether ownership of a path is recorded by a write, for it may be of a part that the write cannot change. */
export type Tracks = (path: FieldPath) => boolean

/** The part of the changes that a write records. */
export function trackedChanges({ added, modified, removed }: FieldChanges, tracks: Tracks): FieldChanges {
  const tracked = (set: FieldSet) => new Map([...set].filter(([, path]) => tracks(path)))
  return { added: tracked(added), modified: tracked(modified), removed: tracked(removed) }
}

/** The managers after a write that does not apply: the writer owns what it changed, everybody else loses it. */
export function trackUpdate(
  managers: readonly Manager[],
  { added, modified, removed }: FieldChanges,
  writer: ManagerIdentity,
  time: string,
): Manager[] {
  const kept = managers
    .map(manager => ({ ...manager, fields: without(manager.fields, added, modified, removed) }))
    .filter(({ fields }) => fields.size > 0)
  const taken = ownable(union(added, modified))
  if (taken.size === 0) return kept
  const own = kept.find(manager => isSameManager(manager, writer))
  const others = kept.filter(manager => manager !== own)
  return foldOldUpdaters([...others, { ...writer, time, fields: union(own?.fields ?? new Map(), taken) }])
}
