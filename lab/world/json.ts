/** A JSON object of unknown content. */
export type Fields = Record<string, unknown>

/** Whether it is a JSON object: no list and not null. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path of field names, list items by number; undefined where a step is missing. */
export function valueAt(root: unknown, ...path: readonly (string | number)[]): unknown {
  let value = root
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)]
    else if (isFields(value)) value = value[step]
    else return undefined
  }
  return value
}

/** The object at a path, an empty one where there is none. */
export function fieldsAt(root: unknown, ...path: readonly (string | number)[]): Fields {
  const value = valueAt(root, ...path)
  return isFields(value) ? value : {}
}

/** The list at a path, an empty one where there is none. */
export function listAt(root: unknown, ...path: readonly (string | number)[]): unknown[] {
  const value = valueAt(root, ...path)
  return Array.isArray(value) ? value : []
}

/** The text at a path, '' where there is none. */
export function textAt(root: unknown, ...path: readonly (string | number)[]): string {
  const value = valueAt(root, ...path)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : ''
}

/** The number at a path, 0 where there is none. */
export function numberAt(root: unknown, ...path: readonly (string | number)[]): number {
  const value = valueAt(root, ...path)
  return typeof value === 'number' ? value : 0
}

/** A value that several holders may share: writing to it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const child of Object.values(value)) deepFreeze(child)
  }
  return value
}

/** Equality that ignores the order of fields and fields that are undefined, as JSON does. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => sameJson(item, b[at]))
  }
  if (!isFields(a) || !isFields(b)) return false
  for (const name in a) if (!sameJson(a[name], b[name])) return false
  for (const name in b) if (b[name] !== undefined && a[name] === undefined) return false
  return true
}

/** A copy of a JSON value that may be written to; several times as fast as `structuredClone`. */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyJson) as T
  const copy: Fields = {}
  for (const name in value) copy[name] = copyJson(value[name])
  return copy as T
}
