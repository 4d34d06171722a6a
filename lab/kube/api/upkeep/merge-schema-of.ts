import type { MergeSchema } from '../merge-schema.ts'
import { type Fields, fieldsAt, isFields, listAt } from '../objects.ts'

/** How the values of an OpenAPI schema merge: by its `x-kubernetes-list-type`, `-map-type` and list keys. */
export function mergeSchemaOf(schema: Fields): MergeSchema {
  if (schema['x-kubernetes-map-type'] === 'atomic') return { atomic: true }
  const item = fieldsAt(schema, 'items')
  switch (schema['x-kubernetes-list-type']) {
    case 'map':
      return { ...keysOf(schema, item), items: mergeSchemaOf(item) }
    case 'set':
      return { set: true }
  }
  if (schema.type === 'array') return {}
  const fields = Object.entries(fieldsAt(schema, 'properties')).flatMap(([name, property]) =>
    isFields(property) ? [[name, mergeSchemaOf(property)] as const] : [],
  )
  const values = schema.additionalProperties
  return {
    ...(fields.length > 0 ? { fields: Object.fromEntries(fields) } : {}),
    ...(isFields(values) ? { items: mergeSchemaOf(values) } : {}),
    ...(isOpen(schema) ? { open: true } : {}),
  }
}

function isOpen(schema: Fields): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true || Object.keys(schema).length === 0
}

function keysOf(schema: Fields, item: Fields): Pick<MergeSchema, 'keys' | 'keyDefaults'> {
  const keys = listAt(schema, 'x-kubernetes-list-map-keys').map(String)
  const defaults = keys.flatMap(key => {
    const value = fieldsAt(item, 'properties', key).default
    return value === undefined ? [] : [[key, value] as const]
  })
  return { keys, keyDefaults: Object.fromEntries(defaults) }
}
