import { valueAt } from '@meridian/lab-world/json'
import { fieldSchema, isDeclared, isKeyed, itemSchema } from '../merge-schema.ts'
import type { FieldsV1 } from '../objects.ts'
import type { MergeSchema } from '../schema/merge-types.ts'

/** Steps into an object in the spelling of managedFields: `f:spec`, `k:{"name":"web"}`, `v:"finalizer"`. */
export type FieldPath = readonly string[]
/** Paths by their keys, so that sets of them can be compared. */
export type FieldSet = Map<string, FieldPath>

/** A path as text; no step has a NUL in it. */
export function pathKey(path: FieldPath): string {
  return path.join('\0')
}

/** The key of an item of a keyed list, as a path step. Key fields are in alphabetical order. */
export function itemStep(schema: MergeSchema & { keys: readonly string[] }, item: unknown): string {
  const keys = [...schema.keys].sort().flatMap(key => {
    const value = valueAt(item, key) ?? schema.keyDefaults?.[key]
    return value === undefined ? [] : [[key, value] as const]
  })
  return `k:${JSON.stringify(Object.fromEntries(keys))}`
}

/** The step to an item of a list that is merged item by item. */
export function listStep(schema: MergeSchema, item: unknown): string {
  return isKeyed(schema) ? itemStep(schema, item) : `v:${JSON.stringify(item)}`
}

/** The fields of a set that none of the others has. */
export function without(set: FieldSet, ...others: readonly FieldSet[]): FieldSet {
  return new Map([...set].filter(([key]) => !others.some(other => other.has(key))))
}

/** The fields of all sets. */
export function union(...sets: readonly FieldSet[]): FieldSet {
  return new Map(sets.flatMap(set => [...set]))
}

/** The fields that both sets have. */
export function intersection(set: FieldSet, other: FieldSet): FieldSet {
  return new Map([...set].filter(([key]) => other.has(key)))
}

/** The set with every declared field that leads to one of its paths. */
export function withNamedFields(set: FieldSet, schema: MergeSchema): FieldSet {
  const named: FieldSet = new Map(set)
  for (const path of set.values()) {
    let at = schema
    path.forEach((step, index) => {
      const isField = step.startsWith('f:')
      const prefix = path.slice(0, index + 1)
      if (isField && isDeclared(at, step.slice(2))) named.set(pathKey(prefix), prefix)
      at = isField ? fieldSchema(at, step.slice(2)) : itemSchema(at)
    })
  }
  return named
}

// Identity and bookkeeping belong to the server, no manager owns them.
const unowned = new Set(
  [
    ['f:apiVersion'],
    ['f:kind'],
    ['f:metadata'],
    ...[
      'name',
      'namespace',
      'uid',
      'resourceVersion',
      'generation',
      'creationTimestamp',
      'selfLink',
      'managedFields',
    ].map(field => ['f:metadata', `f:${field}`]),
  ].map(pathKey),
)

/** The part of a set that a manager can own. */
export function ownable(set: FieldSet): FieldSet {
  return new Map([...set].filter(([key]) => !unowned.has(key)))
}

/** A set as the tree of `fieldsV1`, where `.` stands for a field that is owned besides fields in it. */
export function encodeFields(set: FieldSet): FieldsV1 {
  const root: FieldsV1 = {}
  const branches = new Set(
    [...set.values()].flatMap(path => path.slice(0, -1).map((_, i) => pathKey(path.slice(0, i + 1)))),
  )
  for (const [key, path] of set) {
    let node = root
    for (const step of path) node = node[step] ??= {}
    if (branches.has(key)) node['.'] = {}
  }
  return root
}

/** The inverse of `encodeFields`. */
export function decodeFields(fields: FieldsV1): FieldSet {
  const set: FieldSet = new Map()
  const walk = (node: FieldsV1, path: FieldPath): void => {
    const steps = Object.keys(node)
    if (path.length > 0 && (steps.length === 0 || '.' in node)) set.set(pathKey(path), path)
    for (const step of steps) if (step !== '.') walk(node[step] ?? {}, [...path, step])
  }
  walk(fields, [])
  return set
}

/** A path in the words of a conflict: `.spec.template.spec.containers[name="web"].image`. */
export function describePath(path: FieldPath): string {
  return path.map(describeStep).join('')
}

function describeStep(step: string): string {
  const rest = step.slice(2)
  if (step.startsWith('f:')) return `.${rest}`
  if (step.startsWith('v:')) return `[=${rest}]`
  const keys = Object.entries(JSON.parse(rest) as Record<string, unknown>)
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`
}
