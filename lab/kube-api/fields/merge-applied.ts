import { copyJson, type Fields, isFields } from '@meridian/lab-world/json'
import { fieldSchema, isMergedList, itemSchema } from '../merge-schema.ts'
import type { MergeSchema } from '../schema/merge-types.ts'
import { listStep } from './field-set.ts'

/**
 * The live value with the applied one laid over it, by field where the schema merges. A null replaces what is
 * replaced whole, and takes nothing out of what is merged. Shares no structure.
 */
export function mergeApplied(live: unknown, applied: unknown, schema: MergeSchema): unknown {
  if (applied === undefined) return copyJson(live)
  if (schema.atomic || live === undefined || live === null) return copyJson(applied)
  if (isFields(live) && (isFields(applied) || (applied === null && Object.keys(live).length > 0)))
    return mergeMaps(live, applied ?? {}, schema)
  if (isMergedList(live, schema) && (Array.isArray(applied) || (applied === null && live.length > 0)))
    return mergeLists(live, applied ?? [], schema)
  return copyJson(applied)
}

function mergeMaps(live: Fields, applied: Fields, schema: MergeSchema): Fields {
  const merged: Fields = copyJson(live)
  for (const [name, value] of Object.entries(applied)) {
    merged[name] = mergeApplied(live[name], value, fieldSchema(schema, name))
  }
  return merged
}

function mergeLists(live: readonly unknown[], applied: readonly unknown[], schema: MergeSchema): unknown[] {
  const byStep = (items: readonly unknown[]) => Map.groupBy(items, item => listStep(schema, item))
  const [liveItems, appliedItems] = [byStep(live), byStep(applied)]
  return mergeOrder([...liveItems.keys()], [...appliedItems.keys()]).flatMap(step => {
    const old = liveItems.get(step) ?? []
    const next = appliedItems.get(step)
    if (!next) return copyJson(old)
    // Live items that share a key are replaced, not merged.
    return [mergeApplied(old.length === 1 ? old[0] : undefined, next[0], itemSchema(schema))]
  })
}

/** The order of a merged list: shared items as in the applied list, each behind the live items that it followed. */
function mergeOrder<T>(live: readonly T[], applied: readonly T[]): T[] {
  const shared = applied.filter(item => live.includes(item))
  const merged: T[] = []
  let at = 0
  for (const item of applied) {
    const next = shared[0]
    // A shared item whose turn comes later is passed over here and follows in the applied order.
    for (; at < live.length && (shared.length === 0 || live[at] !== next); at += 1) {
      const passed = live[at] as T
      if (!applied.includes(passed)) merged.push(passed)
    }
    merged.push(item)
    if (item === next) shared.shift()
  }
  return [...merged, ...live.slice(at).filter(item => !applied.includes(item))]
}
