import type { MergeSchema } from '../merge-schema.ts'
import { type Fields, type ManagedFieldsEntry, sameJson } from '../objects.ts'
import { decodeFields, encodeFields, type FieldSet, isOwnable, leavesOf } from './field-set.ts'

/** Who owns which fields, in the order of `metadata.managedFields`. */
export type Manager = Omit<ManagedFieldsEntry, 'fieldsV1' | 'fieldsType'> & { fields: FieldSet }
export type ManagerIdentity = Pick<Manager, 'manager' | 'operation' | 'apiVersion' | 'subresource'>

export function readManagers(entries: readonly ManagedFieldsEntry[] | undefined): Manager[] {
  return (entries ?? []).map(({ fieldsV1, fieldsType: _, ...entry }) => ({
    ...entry,
    fields: decodeFields(fieldsV1),
  }))
}

/** Managers that own nothing any more are dropped. */
export function writeManagers(managers: readonly Manager[]): ManagedFieldsEntry[] {
  return managers
    .filter(({ fields }) => fields.size > 0)
    .map(({ manager, operation, apiVersion, time, subresource, fields }) => ({
      apiVersion,
      fieldsType: 'FieldsV1',
      fieldsV1: encodeFields(fields),
      manager,
      operation,
      ...(subresource ? { subresource } : {}),
      ...(time ? { time } : {}),
    }))
}

/** An applier is the same whatever version it applies; an updater is another one per version. */
export function isSameManager(a: ManagerIdentity, b: ManagerIdentity): boolean {
  const same =
    a.manager === b.manager && a.operation === b.operation && (a.subresource ?? '') === (b.subresource ?? '')
  return same && (a.operation === 'Apply' || a.apiVersion === b.apiVersion)
}

export type LeafChanges = { changed: FieldSet; removed: FieldSet }

/** What differs between two states of an object: set or changed paths, and paths that are no more. */
export function compareObjects(before: Fields, after: Fields, schema: MergeSchema): LeafChanges {
  const parts = Object.keys({ ...before, ...after }).filter(part => !sameJson(before[part], after[part]))
  const old = leavesOf(pick(before, parts), schema, { branches: true })
  const next = leavesOf(pick(after, parts), schema, { branches: true })
  const changed: FieldSet = new Map()
  const removed: FieldSet = new Map()
  for (const [key, { path, value }] of next) {
    const known = old.get(key)
    if (isOwnable(path) && !(known && sameJson(known.value, value))) changed.set(key, path)
  }
  for (const [key, { path }] of old) if (isOwnable(path) && !next.has(key)) removed.set(key, path)
  return { changed, removed }
}

/** The named parts, and what makes it an object: taking everything apart is what a write costs most. */
function pick(object: Fields, parts: readonly string[]): Fields {
  return Object.fromEntries(['apiVersion', ...parts].map(part => [part, object[part]]))
}

/** The managers after a write that does not apply: the writer owns what it changed, everybody else loses it. */
export function trackUpdate(
  managers: readonly Manager[],
  { changed, removed }: LeafChanges,
  writer: ManagerIdentity,
  time: string,
): Manager[] {
  if (changed.size === 0 && removed.size === 0) return [...managers]
  const others = managers.filter(manager => !isSameManager(manager, writer))
  const own = managers.find(manager => isSameManager(manager, writer))
  const kept = others.map(manager => ({ ...manager, fields: without(manager.fields, changed, removed) }))
  const fields = new Map([...without(own?.fields ?? new Map(), removed), ...changed])
  return [...kept, { ...writer, time, fields }]
}

export function without(set: FieldSet, ...others: readonly FieldSet[]): FieldSet {
  return new Map([...set].filter(([key]) => !others.some(other => other.has(key))))
}
