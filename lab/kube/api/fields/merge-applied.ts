import { fieldSchema, isKeyed, itemSchema, type MergeSchema } from '../merge-schema.ts'
import { copyJson, type Fields, isFields } from '../objects.ts'
import { type FieldPath, itemStep } from './field-set.ts'

/** The live value with the applied one laid over it, by field where the schema merges. Shares no structure. */
export function mergeApplied(live: unknown, applied: unknown, schema: MergeSchema): unknown {
  if (schema.atomic) return copyJson(applied)
  if (isFields(live) && isFields(applied)) return mergeMaps(live, applied, schema)
  if (Array.isArray(live) && Array.isArray(applied)) {
    if (schema.set) return mergeOrder(live, applied)
    if (isKeyed(schema)) return mergeKeyed(live, applied, schema)
  }
  return copyJson(applied)
}

function mergeMaps(live: Fields, applied: Fields, schema: MergeSchema): Fields {
  const merged: Fields = copyJson(live)
  for (const [name, value] of Object.entries(applied)) {
    merged[name] = mergeApplied(live[name], value, fieldSchema(schema, name))
  }
  return merged
}

function mergeKeyed(
  live: unknown[],
  applied: unknown[],
  schema: MergeSchema & { keys: readonly string[] },
): unknown[] {
  const byStep = (items: unknown[]) => new Map(items.map(item => [itemStep(schema, item), item] as const))
  const [liveItems, appliedItems] = [byStep(live), byStep(applied)]
  return mergeOrder([...liveItems.keys()], [...appliedItems.keys()]).map(step => {
    if (!appliedItems.has(step)) return copyJson(liveItems.get(step))
    return mergeApplied(liveItems.get(step), appliedItems.get(step), itemSchema(schema))
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

/** The value without what a path leads to; maps and keyed lists that this empties go too. */
export function removePath(value: unknown, path: FieldPath, schema: MergeSchema): unknown {
  const [step, ...rest] = path
  if (step === undefined) return undefined
  if (isFields(value) && step.startsWith('f:')) return removeField(value, step.slice(2), rest, schema)
  if (!Array.isArray(value)) return value
  const matches = (item: unknown) =>
    step.startsWith('v:')
      ? JSON.stringify(item) === step.slice(2)
      : isKeyed(schema) && itemStep(schema, item) === step
  const kept = value.flatMap(item => {
    const left = matches(item) ? removePath(item, rest, itemSchema(schema)) : item
    return left === undefined ? [] : [left]
  })
  return kept.length > 0 ? kept : undefined
}

function removeField(value: Fields, name: string, rest: FieldPath, schema: MergeSchema): unknown {
  if (!(name in value)) return value
  const { [name]: child, ...others } = value
  const left = removePath(child, rest, fieldSchema(schema, name))
  if (left !== undefined) return { ...others, [name]: left }
  return Object.keys(others).length > 0 ? others : undefined
}

/** The configuration without nulls: in an applied object a null is the same as leaving the field out. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isFields(value)) return value
  const present = Object.entries(value).filter(([, child]) => child !== null && child !== undefined)
  return Object.fromEntries(present.map(([name, child]) => [name, withoutNulls(child)]))
}
