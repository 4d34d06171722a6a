import type { MergeSchema } from '../merge-schema.ts'
import type { KubeObject } from '../objects.ts'
import { StatusError } from '../status-error.ts'
import { describePath, type FieldPath, type FieldSet, fieldSetOf, pathKey } from './field-set.ts'
import {
  compareObjects,
  isSameManager,
  type Manager,
  type ManagerIdentity,
  without,
} from './managed-fields.ts'
import { mergeApplied, removePath } from './merge-applied.ts'

export type FieldConflict = { manager: Manager; path: FieldPath }
export type AppliedFields = { object: KubeObject; managers: Manager[] }

/**
 * Server-side apply: lays a configuration over the live object, removes what the applier set before and now leaves
 * out (unless somebody else owns it too), and settles who owns what.
 * Throws 409 with a FieldManagerConflict per field that another manager owns with another value, unless forced.
 */
export function applyFields(
  live: KubeObject,
  applied: KubeObject,
  managers: readonly Manager[],
  applier: ManagerIdentity & { force: boolean; time: string; schema: MergeSchema },
): AppliedFields {
  const { force, time, schema, ...identity } = applier
  const own = managers.find(manager => isSameManager(manager, identity))
  const others = managers.filter(manager => manager !== own)
  const fields = fieldSetOf(applied, schema)
  const dropped = own ? abandoned(own.fields, fields, others) : []
  const merged = mergeApplied(live, applied, schema)
  const object = dropped.reduce<unknown>((left, path) => removePath(left, path, schema), merged) as KubeObject

  const { changed, removed } = compareObjects(live, object, schema)
  const conflicts = findConflicts(others, changed)
  if (conflicts.length > 0 && !force) throw conflictError(conflicts)

  const sameFields =
    own !== undefined && own.fields.size === fields.size && without(fields, own.fields).size === 0
  const kept = others.map(manager => ({
    ...manager,
    fields: without(manager.fields, removed, conflicts.length > 0 ? changed : new Map()),
  }))
  const entry = { ...identity, time: sameFields && own.time ? own.time : time, fields }
  return {
    object,
    managers: own
      ? managers.map(manager => (manager === own ? entry : (kept[others.indexOf(manager)] ?? manager)))
      : [...kept, entry],
  }
}

// A field stays while somebody needs it or something in it. An item of a keyed list stays only while somebody set
// the item itself: without its owner it would be left without its key.
function abandoned(before: FieldSet, now: FieldSet, others: readonly Manager[]): FieldPath[] {
  const needed = [...now.values(), ...others.flatMap(({ fields }) => [...fields.values()])]
  const kept = new Set(
    needed.flatMap(path => {
      const fields = path
        .map((_, index) => path.slice(0, index + 1))
        .filter(prefix => prefix.at(-1)?.startsWith('f:'))
      return [path, ...fields].map(pathKey)
    }),
  )
  return [...without(before, now)].filter(([key]) => !kept.has(key)).map(([, path]) => path)
}

function findConflicts(others: readonly Manager[], changed: FieldSet): FieldConflict[] {
  return others.flatMap(manager =>
    [...manager.fields]
      .filter(([key]) => changed.has(key))
      .map(([, path]) => ({ manager, path }))
      .sort((a, b) => comparePaths(a.path, b.path)),
  )
}

// The order of Kubernetes: what ends at a level comes before what goes deeper, both by name.
function comparePaths(a: FieldPath, b: FieldPath): number {
  const depth = a.findIndex((step, index) => step !== b[index])
  const [stepA = '', stepB = ''] = [a[depth], b[depth]]
  const [deeperA, deeperB] = [a.length > depth + 1, b.length > depth + 1]
  if (deeperA !== deeperB) return deeperA ? 1 : -1
  return stepA < stepB ? -1 : 1
}

function conflictError(conflicts: readonly FieldConflict[]): StatusError {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${describeManager(manager)}`,
    field: describePath(path),
  }))
  return new StatusError(409, 'Conflict', conflictMessage(conflicts), { causes })
}

function conflictMessage(conflicts: readonly FieldConflict[]): string {
  const [first] = conflicts
  if (conflicts.length === 1 && first) {
    const field = describePath(first.path)
    return `Apply failed with 1 conflict: conflict with ${describeManager(first.manager)}: ${field}`
  }
  const byManager = Map.groupBy(conflicts, ({ manager }) => describeManager(manager))
  const lines = [...byManager]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([manager, fields]) => [
      `conflicts with ${manager}:`,
      ...fields.map(({ path }) => `- ${describePath(path)}`),
    ])
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`
}

function describeManager({ manager, operation, apiVersion, subresource }: Manager): string {
  const name =
    JSON.stringify(manager) + (subresource ? ` with subresource ${JSON.stringify(subresource)}` : '')
  return operation === 'Update' ? `${name} using ${apiVersion}` : name
}
