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
