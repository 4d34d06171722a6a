import { fieldSchema, isKeyed, itemSchema, type MergeSchema } from '../merge-schema.ts'
import { type FieldsV1, isFields, valueAt } from '../objects.ts'

/** Steps into an object in the spelling of managedFields: `f:spec`, `k:{"name":"web"}`, `v:"finalizer"`. */
export type FieldPath = readonly string[]
/** Paths by their JSON text, so that sets of them can be compared. */
export type FieldSet = Map<string, FieldPath>

/** Every leaf of an object: its path, its value, and for members of keyed lists the membership itself. */
export type Leaves = Map<string, { path: FieldPath; value: unknown }>

export function pathKey(path: FieldPath): string {
  return JSON.stringify(path)
}

/** The key of an item of a keyed list, as a path step. Key fields are in alphabetical order. */
export function itemStep(schema: MergeSchema & { keys: readonly string[] }, item: unknown): string {
  const keys = [...schema.keys].sort().flatMap(key => {
    const value = valueAt(item, key) ?? schema.keyDefaults?.[key]
    return value === undefined ? [] : [[key, value] as const]
  })
  return `k:${JSON.stringify(Object.fromEntries(keys))}`
}

/**
 * Takes an object apart along its merge schema: what is merged by field is a branch, what is replaced is a leaf.
 * Branches are included on request: a writer that makes one owns it.
 */
export function leavesOf(value: unknown, schema: MergeSchema, { branches = false } = {}): Leaves {
  const leaves: Leaves = new Map()
  const add = (path: FieldPath, leaf: unknown) => leaves.set(pathKey(path), { path, value: leaf })
  const isBranch = (path: FieldPath) => branches && !path.every(step => schema.written?.has(step.slice(2)))

  function walk(node: unknown, at: MergeSchema, path: FieldPath): void {
    if (isFields(node) && !at.atomic && Object.keys(node).length > 0) walkMap(node, at, path)
    else if (Array.isArray(node) && !at.atomic && (at.set || isKeyed(at))) walkList(node, at, path)
    else add(path, node)
  }

  function walkList(nodes: unknown[], at: MergeSchema, path: FieldPath): void {
    if (isBranch(path)) add(path, [])
    for (const item of nodes) {
      if (isKeyed(at)) walkItem(item, at, path)
      else add([...path, `v:${JSON.stringify(item)}`], item)
    }
  }

  function walkMap(node: Record<string, unknown>, at: MergeSchema, path: FieldPath): void {
    if ((at.open && path.length > 0) || isBranch(path)) add(path, {})
    for (const [name, child] of Object.entries(node)) {
      if (child !== undefined) walk(child, fieldSchema(at, name), [...path, `f:${name}`])
    }
  }

  function walkItem(item: unknown, at: MergeSchema & { keys: readonly string[] }, path: FieldPath): void {
    const itemPath = [...path, itemStep(at, item)]
    add(itemPath, {})
    if (isFields(item)) walkMap(item, { ...itemSchema(at), open: undefined }, itemPath)
  }

  walk(value, schema, [])
  return leaves
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
      'deletionTimestamp',
      'deletionGracePeriodSeconds',
      'selfLink',
    ].map(field => ['f:metadata', `f:${field}`]),
  ].map(pathKey),
)

export function isOwnable(path: FieldPath): boolean {
  return !unowned.has(pathKey(path)) && path[1] !== 'f:managedFields'
}

/** The paths that a manager owns by having set this object. */
export function fieldSetOf(object: unknown, schema: MergeSchema): FieldSet {
  const set: FieldSet = new Map()
  for (const [key, { path }] of leavesOf(object, schema)) if (isOwnable(path)) set.set(key, path)
  return set
}

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
