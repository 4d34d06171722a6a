import { isCustom, type Kind } from './kind.ts'
import { mergeSchemaOf } from './schema/merge-schema-of.ts'
import type { MergeSchema } from './schema/merge-types.ts'
import { metadataSchema } from './schema/published.ts'
import { schemaOf } from './schema/schema-of.ts'

const empty: MergeSchema = {}
const open: MergeSchema = { open: true }

/** A list whose items are told apart by `key`. */
export function keyedBy(key: string, items?: Record<string, MergeSchema>): MergeSchema {
  return { keys: [key], ...(items ? { items: { fields: items } } : {}) }
}

/** How the value of a field is merged: as declared, as every value of a map, or freely where all is allowed. */
export function fieldSchema(schema: MergeSchema, field: string): MergeSchema {
  return schema.fields?.[field] ?? schema.items ?? (schema.open ? open : empty)
}

/** How the items of a list are merged. */
export function itemSchema(schema: MergeSchema): MergeSchema {
  return schema.items ?? (schema.open ? open : empty)
}

/** Whether the items of a list are told apart by fields; an atomic list is replaced as a whole. */
export function isKeyed(schema: MergeSchema): schema is MergeSchema & { keys: readonly string[] } {
  return schema.keys !== undefined && schema.atomic === undefined
}

const alwaysWritten = new Set([
  'metadata',
  'spec',
  'status',
  'template',
  'containers',
  'strategy',
  'loadBalancer',
])
const writtenInCustom = new Set(['metadata'])

/** How whole objects of a kind merge: their own fields and the metadata. */
export function objectSchema(kind: Kind): MergeSchema {
  const schema = schemaOf(kind)
  const merge = schema ? mergeSchemaOf(schema) : open
  const fields = { ...merge.fields, metadata: mergeSchemaOf(metadataSchema) }
  return { ...merge, fields, written: isCustom(kind) ? writtenInCustom : alwaysWritten }
}

/** Whether a field of a map is one that its schema names, rather than one entry of many. */
export function isDeclared(schema: MergeSchema, field: string): boolean {
  return schema.fields?.[field] !== undefined || !(schema.items || schema.open)
}

/** Whether a value is a list that is merged item by item. */
export function isMergedList(value: unknown, schema: MergeSchema): value is readonly unknown[] {
  return Array.isArray(value) && !schema.atomic && (schema.set === true || schema.keys !== undefined)
}
