import { fieldsAt, isFields, listAt, textAt } from '@meridian/lab-world/json'
import { column, wide } from '../columns.ts'
import type { Column } from '../kind.ts'
import type { KubeObject } from '../objects.ts'

const containersOf = (object: KubeObject) => listAt(object, 'spec', 'template', 'spec', 'containers')

/** Containers, images and selector: what `-o wide` adds to every workload. */
export const templateColumns: readonly Column[] = [
  wide('Containers', object =>
    containersOf(object)
      .map(container => textAt(container, 'name'))
      .join(','),
  ),
  wide('Images', object =>
    containersOf(object)
      .map(container => textAt(container, 'image'))
      .join(','),
  ),
  wide('Selector', object => describeSelector(fieldsAt(object, 'spec', 'selector'))),
]

/** A column that shows a number at a path, 0 where there is none. */
export function countColumn(name: string, ...path: readonly string[]): Column {
  return column(name, object => Number(textAt(object, ...path) || 0), { type: 'integer' })
}

/** A label selector in the short form: `app=web,tier in (a,b)`; `<none>` for an empty one. */
export function describeSelector(selector: unknown): string {
  const labels = Object.entries(fieldsAt(selector, 'matchLabels')).map(([key, value]) => `${key}=${value}`)
  const expressions = listAt(selector, 'matchExpressions').flatMap(item =>
    isFields(item) ? describeExpression(item) : [],
  )
  return [...labels, ...expressions].join(',') || '<none>'
}

function describeExpression(item: Record<string, unknown>): string {
  const key = textAt(item, 'key')
  const values = `(${listAt(item, 'values').join(',')})`
  switch (textAt(item, 'operator')) {
    case 'In':
      return `${key} in ${values}`
    case 'NotIn':
      return `${key} notin ${values}`
    case 'DoesNotExist':
      return `!${key}`
    default:
      return key
  }
}

/** Labels as a table shows them: `a=b,c=d`, or `<none>`. */
export function describeLabels(labels: Record<string, unknown>): string {
  return (
    Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',') || '<none>'
  )
}
