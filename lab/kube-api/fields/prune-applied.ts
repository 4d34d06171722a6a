import type { MergeSchema } from '../schema/merge-types.ts'
import { type FieldSet, intersection, union, withNamedFields, without } from './field-set.ts'
import { listFields } from './list-fields.ts'
import { removeFields } from './remove-fields.ts'

/**
 * The merged object without what its applier set last and now leaves out, unless somebody else owns it: the rules of
 * sigs.k8s.io/structured-merge-diff, where a map goes with the last of what its own set of fields names in it.
 */
export function pruneApplied(
  merged: unknown,
  sets: { last: FieldSet; now: FieldSet; others: readonly FieldSet[] },
  schema: MergeSchema,
): unknown {
  const { last, now, others } = sets
  if ([...last.keys()].every(key => now.has(key))) return merged
  const named = (set: FieldSet) => withNamedFields(set, schema)
  const [all, lastNamed] = [named(listFields(merged, schema)), named(last)]
  const left = named(listFields(removeFields(merged, lastNamed, schema), schema))
  const managed = named(union(now, ...others))
  const kept = named(listFields(removeFields(merged, without(all, left, managed), schema), schema))
  return removeFields(merged, intersection(without(all, kept), lastNamed), schema)
}
