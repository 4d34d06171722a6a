import type { MergeSchema } from './merge-types.ts'
import { resolve } from './published.ts'
import type { Schema } from './schema.ts'

const known = new WeakMap<Schema, MergeSchema>()

/**
 * How the values of an OpenAPI schema merge: by its `x-kubernetes-list-type`, `-map-type`, list keys and patch keys.
 * What refers to itself merges as itself.
 */
export function mergeSchemaOf(schema: Schema): MergeSchema {
  const done = known.get(schema)
  if (done) return done
  const merge: MergeSchema = {}
  known.set(schema, merge)
  const resolved = resolve(schema)
  return Object.assign(merge, resolved.type === 'array' ? mergeList(resolved) : mergeMap(resolved))
}

function mergeList(schema: Schema): MergeSchema {
  const key = schema['x-kubernetes-patch-merge-key']
  const patch = key === undefined ? {} : { patchKey: key }
  const items = mergeSchemaOf(schema.items ?? {})
  switch (schema['x-kubernetes-list-type']) {
    case 'map':
      return { ...keysOf(schema), ...patch, items }
    case 'set':
      return { set: true }
  }
  if (key !== undefined) return { ...patch, atomic: true, items }
  // Lists of scalars that strategic merge patch merges are no sets for server-side apply unless they say so.
  return schema['x-kubernetes-patch-strategy'] === 'merge' ? { set: true } : {}
}

function mergeMap(schema: Schema): MergeSchema {
  if (schema['x-kubernetes-map-type'] === 'atomic') return { atomic: true }
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, property]) => [name, mergeSchemaOf(property)] as const,
  )
  const values = schema.additionalProperties
  return {
    ...(fields.length > 0 ? { fields: Object.fromEntries(fields) } : {}),
    ...(typeof values === 'object' ? { items: mergeSchemaOf(values) } : {}),
    ...(isOpen(schema) ? { open: true } : {}),
  }
}

function isOpen(schema: Schema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true || Object.keys(schema).length === 0
}

function keysOf(schema: Schema): Pick<MergeSchema, 'keys' | 'keyDefaults'> {
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const item = schema.items ?? {}
  const { properties = {} } = resolve(item)
  const defaults = keys.flatMap(key => {
    const value = properties[key]?.default ?? (item.$ref ? zeroOf(properties[key]) : undefined)
    return value === undefined ? [] : [[key, value] as const]
  })
  return { keys, keyDefaults: Object.fromEntries(defaults) }
}

/** What a Go type has where nothing is said: published schemas call that the default of the keys of their lists. */
const zeroOf = (schema: Schema | undefined) => (schema?.type === 'integer' ? 0 : '')
