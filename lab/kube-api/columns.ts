import { describeAge } from './duration.ts'
import type { Cell, Column } from './kind.ts'
import type { KubeObject } from './objects.ts'

/** A column of text (or numbers); wide columns are shown with `-o wide` only. */
export function column(
  name: string,
  cell: (object: KubeObject, now: number) => Cell,
  options: { wide?: boolean; type?: Column['type']; format?: string; description?: string } = {},
): Column {
  const { wide = false, type = 'string', ...rest } = options
  return { name, type, priority: wide ? 1 : 0, cell, ...rest }
}

export const nameColumn: Column = column('Name', ({ metadata }) => metadata.name, {
  format: 'name',
  description: 'Name must be unique within a namespace.',
})

export const ageColumn: Column = column(
  'Age',
  ({ metadata }, now) => describeAge(metadata.creationTimestamp ?? '', now),
  {
    description: 'The time since the object was created.',
  },
)

/** Name, the given columns, age (unless a column of the kind stands in for it), then the wide ones. */
export function columns(
  shown: readonly Column[],
  wide: readonly Column[] = [],
  { age = true }: { age?: boolean } = {},
): Column[] {
  return [nameColumn, ...shown, ...(age ? [ageColumn] : []), ...wide]
}

/** A column that is shown with `-o wide` only. */
export function wide(name: string, cell: Column['cell']): Column {
  return column(name, cell, { wide: true })
}
