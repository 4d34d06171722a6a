import { isCustom, type Kind } from './kind.ts'
import { mergeSchemaOf } from './schema/merge-schema-of.ts'
import { metadataSchema, schemaOf } from './schema/published.ts'

/**
 * How a value merges with another one, under server-side apply and strategic merge patch.
 * Without a word said: maps merge field by field, lists are replaced whole.
 */
export type MergeSchema = {
  /** The map or list is owned and replaced as a whole. */
  atomic?: true
  /** A list whose items are told apart by these fields. */
  keys?: readonly string[]
  /** Values that stand in for absent keys. */
  keyDefaults?: Readonly<Record<string, unknown>>
  /** The one key that strategic merge patch uses, where it differs from `keys`. */
  patchKey?: string
  /** A list of scalars without order or duplicates. */
  set?: true
  fields?: Readonly<Record<string, MergeSchema>>
  /** Of a keyed list: the items. Of a map without `fields`: every value. */
  items?: MergeSchema
  /** Custom resources without a declared schema: every nested map is an owned field of its own. */
  open?: true
  /** Of a whole object: fields that are written even when empty, so that nobody is the one who made them. */
  written?: ReadonlySet<string>
}

const empty: MergeSchema = {}
const open: MergeSchema = { open: true }

/** A list whose items are told apart by `key`. */
export function keyedBy(key: string, items?: Record<string, MergeSchema>): MergeSchema {
  return { keys: [key], ...(items ? { items: { fields: items } } : {}) }
}

export function fieldSchema(schema: MergeSchema, field: string): MergeSchema {
  return schema.fields?.[field] ?? schema.items ?? (schema.open ? open : empty)
}

export function itemSchema(schema: MergeSchema): MergeSchema {
  return schema.items ?? (schema.open ? open : empty)
}

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
