import { StatusError } from '../status-error.ts'
import { describePath, type FieldPath, type FieldSet, intersection } from './field-set.ts'
import type { Manager } from './managed-fields.ts'

export type FieldConflict = { manager: Manager; path: FieldPath }

/** What others own of the changed fields, in the order in which Kubernetes names it. */
export function findConflicts(others: readonly Manager[], changed: FieldSet): FieldConflict[] {
  return others.flatMap(manager =>
    [...intersection(manager.fields, changed).values()]
      .map(path => ({ manager, path }))
      .sort((a, b) => comparePaths(a.path, b.path)),
  )
}

// What ends at a level comes before what goes deeper, both by name.
function comparePaths(a: FieldPath, b: FieldPath): number {
  const depth = a.findIndex((step, index) => step !== b[index])
  const [stepA = '', stepB = ''] = [a[depth], b[depth]]
  const [deeperA, deeperB] = [a.length > depth + 1, b.length > depth + 1]
  if (deeperA !== deeperB) return deeperA ? 1 : -1
  return stepA < stepB ? -1 : 1
}

/** 409 with a FieldManagerConflict per field. */
export function conflictError(conflicts: readonly FieldConflict[]): StatusError {
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
