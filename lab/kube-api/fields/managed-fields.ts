import type { ManagedFieldsEntry } from '../objects.ts'
import { decodeFields, encodeFields, type FieldSet } from './field-set.ts'

/** Who owns which fields. */
export type Manager = Omit<ManagedFieldsEntry, 'fieldsV1' | 'fieldsType'> & { fields: FieldSet }
export type ManagerIdentity = Pick<Manager, 'manager' | 'operation' | 'apiVersion' | 'subresource'>

/** The managers of an object, by its `metadata.managedFields`. */
export function readManagers(entries: readonly ManagedFieldsEntry[] | undefined): Manager[] {
  return (entries ?? []).map(({ fieldsV1, fieldsType: _, ...entry }) => ({
    ...entry,
    fields: decodeFields(fieldsV1 ?? {}),
  }))
}

/** Managers that own nothing are dropped: appliers come first, then the oldest, then by name. */
export function writeManagers(managers: readonly Manager[]): ManagedFieldsEntry[] | undefined {
  const entries = managers
    .filter(({ fields }) => fields.size > 0)
    .toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
    .map(({ manager, operation, apiVersion, time, subresource, fields }) => ({
      apiVersion,
      fieldsType: 'FieldsV1' as const,
      fieldsV1: encodeFields(fields),
      manager,
      operation,
      ...(subresource ? { subresource } : {}),
      ...(time ? { time } : {}),
    }))
  return entries.length > 0 ? entries : undefined
}

function orderOf({ operation, time = '', manager, apiVersion, subresource = '' }: Manager): string {
  return [operation, time, manager, apiVersion, subresource].join('\0')
}

/** An applier is the same whatever version it applies; an updater is another one per version. */
export function isSameManager(a: ManagerIdentity, b: ManagerIdentity): boolean {
  const same =
    a.manager === b.manager && a.operation === b.operation && (a.subresource ?? '') === (b.subresource ?? '')
  return same && (a.operation === 'Apply' || a.apiVersion === b.apiVersion)
}

/**
 * The managers that a write starts from: those of the live object, unless the written one brings its own. One empty
 * entry, or none, asks to forget them all; what cannot be read is passed over.
 */
export function managersBefore(
  live: readonly ManagedFieldsEntry[] | undefined,
  given: readonly ManagedFieldsEntry[] | null | undefined,
): Manager[] {
  if (!given) return readManagers(live)
  if (given.every(entry => Object.keys(entry).length === 0) && given.length <= 1) return []
  return readManagers(given.every(isReadable) ? given : live)
}

function isReadable({ operation, apiVersion, fieldsType }: ManagedFieldsEntry): boolean {
  return (operation === 'Apply' || operation === 'Update') && Boolean(apiVersion) && fieldsType === 'FieldsV1'
}

const mostUpdaters = 10
const ancient = 'ancient-changes'

/** Folds the oldest of too many updaters into one of their version, as a server does that keeps entries few. */
export function foldOldUpdaters(managers: readonly Manager[]): Manager[] {
  const updaters = managers.filter(({ operation }) => operation === 'Update')
  const oldest = updaters.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
  const folded = new Map<string, Manager[]>()
  let surplus = updaters.length - mostUpdaters
  for (const updater of oldest) {
    if (surplus <= 0) break
    const same = folded.get(updater.apiVersion)
    folded.set(updater.apiVersion, [...(same ?? []), updater])
    // The first one of a version only becomes the one that the next ones are folded into.
    if (same) surplus -= 1
  }
  const groups = [...folded.values()].filter(group => group.length > 1)
  const gone = new Set(groups.flat())
  return [...managers.filter(manager => !gone.has(manager)), ...groups.map(foldGroup)]
}

function foldGroup(group: readonly Manager[]): Manager {
  const { apiVersion = '', time } = group.at(-1) ?? {}
  const fields = new Map(group.flatMap(manager => [...manager.fields]))
  return { manager: ancient, operation: 'Update', apiVersion, ...(time ? { time } : {}), fields }
}
