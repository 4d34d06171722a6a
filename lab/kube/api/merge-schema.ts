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

export const atomic: MergeSchema = { atomic: true }

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

/** `metadata`, the same for every kind. */
export const metadataSchema: MergeSchema = {
  fields: { finalizers: { set: true }, ownerReferences: keyedBy('uid') },
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

/** The schema of a whole object of a kind: its own fields plus the metadata. */
export function objectSchema({ schema, custom }: { schema?: MergeSchema; custom?: boolean }): MergeSchema {
  const fields = { ...schema?.fields, metadata: metadataSchema }
  if (schema === undefined) return { open: true, fields, written: writtenInCustom }
  return { ...schema, fields, written: custom ? writtenInCustom : alwaysWritten }
}
