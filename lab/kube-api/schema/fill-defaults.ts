import { copyJson, type Fields, isFields } from '@meridian/lab-world/json'
import type { Schema } from './schema.ts'

/** A value with the defaults of its schema; null counts as absent where it is not allowed. */
export function fillDefaults(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) {
    const { items } = schema
    return items ? value.map(item => fillDefaults(filled(item, items), items)) : value
  }
  if (!isFields(value)) return value
  const { properties = {}, additionalProperties: values } = schema
  const result: Fields = { ...value }
  for (const [name, property] of Object.entries(properties)) {
    if (property.default === undefined) continue
    if (result[name] === undefined || isForbiddenNull(result[name], property))
      result[name] = copyJson(property.default)
  }
  for (const [name, child] of Object.entries(result)) {
    const below = properties[name] ?? (typeof values === 'object' ? values : undefined)
    if (below) result[name] = fillDefaults(properties[name] ? child : filled(child, below), below)
  }
  return result
}

function filled(value: unknown, schema: Schema): unknown {
  return isForbiddenNull(value, schema) && schema.default !== undefined ? copyJson(schema.default) : value
}

const isForbiddenNull = (value: unknown, { nullable }: Schema) => value === null && nullable !== true

/** A value without the nulls that its schema does not allow and has no default for, as what is sent is read. */
export function dropNulls(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) return value.map(item => dropNulls(item, schema.items ?? {}))
  if (!isFields(value)) return value
  const { properties = {}, additionalProperties: values } = schema
  const entries = Object.entries(value).flatMap(([name, child]) => {
    const below = properties[name] ?? (typeof values === 'object' ? values : undefined)
    if (!below) return [[name, child] as const]
    if (isForbiddenNull(child, below) && below.default === undefined) return []
    return [[name, dropNulls(child, below)] as const]
  })
  return Object.fromEntries(entries)
}
