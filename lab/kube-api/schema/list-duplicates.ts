import { type Fields, isFields, sameJson } from '@meridian/lab-world/json'
import { duplicateValue, type FieldProblem, invalidValue } from '../status-error.ts'
import type { Schema } from './schema.ts'

/** Items that a list has twice though its schema tells them apart: by their keys, or as values of a set. */
export function listDuplicates(value: unknown, schema: Schema, at = ''): FieldProblem[] {
  if (Array.isArray(value)) {
    const inside = value.flatMap((item, index) => listDuplicates(item, schema.items ?? {}, `${at}[${index}]`))
    return [...inList(value, schema, at), ...inside]
  }
  if (!isFields(value)) return []
  const { properties = {}, additionalProperties: values } = schema
  return Object.keys(value)
    .sort()
    .flatMap(name => {
      const below = properties[name]
      if (below) return listDuplicates(value[name], below, at ? `${at}.${name}` : name)
      return typeof values === 'object' ? listDuplicates(value[name], values, `${at}[${name}]`) : []
    })
}

function inList(items: readonly unknown[], schema: Schema, at: string): FieldProblem[] {
  const type = schema['x-kubernetes-list-type']
  if (type !== 'set' && type !== 'map') return []
  if (type === 'map') {
    const other = items.findIndex(item => item !== null && !isFields(item))
    if (other >= 0)
      return [
        invalidValue(`${at}[${other}]`, items[other], 'must be an object for an array of list-type map'),
      ]
  }
  const names = schema['x-kubernetes-list-map-keys'] ?? []
  const keys = type === 'set' ? items : items.map(item => keyOf(isFields(item) ? item : {}, names))
  // The second one is told, the third and the others are not.
  return keys.flatMap((key, index) =>
    keys.slice(0, index).filter(other => sameJson(key, other)).length === 1
      ? [duplicateValue(`${at}[${index}]`, key)]
      : [],
  )
}

function keyOf(item: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.flatMap(name => (name in item ? [[name, item[name]] as const] : [])))
}
