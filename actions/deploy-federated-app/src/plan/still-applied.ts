import { covers } from '@meridian/kube'
import type { FieldSet } from './applied-fields.ts'

/**
 * Whether everything that `desired` states is owned, in `live`, by whom `fields` are, and its items are in the order stated.
 * `desired` must be what he applied last. A server takes a field from its owners when another changes or removes it: what
 * is owned still is what was applied, however the server writes it (`0.5` cpu as `500m`). False also where it cannot be told.
 */
export function isStillApplied(desired: unknown, live: unknown, fields: FieldSet | undefined): boolean {
  // Stating null is stating nothing, and an empty list that is merged is owned by nobody.
  if (desired === null || desired === undefined) return true
  if (fields === undefined) return Array.isArray(desired) && covers(live, []) && desired.length === 0
  const steps = Object.keys(fields).filter(step => step !== '.')
  if (typeof desired !== 'object') return steps.length === 0
  // The same is written for what is replaced whole and for what is owned without any of its parts.
  if (steps.length === 0) return covers(live, desired)
  if (Array.isArray(desired)) return Array.isArray(live) && isListApplied(desired, live, fields)
  return Object.entries(desired).every(([key, value]) =>
    isStillApplied(value, (live as Mapping | undefined)?.[key], fields[`f:${key}`]),
  )
}

type Mapping = Record<string, unknown>

/** Who has applied a list last owns exactly its items: which is which their order tells, also where keys have defaults. */
function isListApplied(desired: readonly unknown[], live: readonly unknown[], fields: FieldSet): boolean {
  const steps = Object.entries(fields).flatMap(([step, inner]) =>
    /^[kv]:/.test(step) ? [{ key: JSON.parse(step.slice(2)) as unknown, inner }] : [],
  )
  const owned = live.flatMap(item => {
    const step = steps.find(({ key }) => isKeyOf(key, item, false))
    return step ? [{ ...step, item }] : []
  })
  if (owned.length !== desired.length) return false
  return owned.every(
    ({ key, inner, item }, at) => isKeyOf(key, desired[at], true) && isStillApplied(desired[at], item, inner),
  )
}

/** Whether an item has this key, or, before defaults are filled in, may come to have it. */
export function isKeyOf(key: unknown, item: unknown, undefaulted: boolean): boolean {
  if (typeof key !== 'object' || key === null) return key === item
  if (typeof item !== 'object' || item === null) return false
  return Object.entries(key).every(([name, value]) => {
    const given = (item as Mapping)[name]
    return given === value || (undefaulted && given === undefined)
  })
}
