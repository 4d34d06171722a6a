import { isDeepStrictEqual } from 'node:util'

/** One field that differs: `path` as in `spec.ports[0].port`; `undefined` where a side has no such field. */
export type Difference = { path: string; actual: unknown; desired: unknown }

/**
 * Whether `actual` has everything that `desired` states. Fields that only `actual` has are the server's or
 * somebody else's. A list that is stated is stated whole, though its items may hold more than is stated.
 */
export function covers(actual: unknown, desired: unknown): boolean {
  if (actual === desired) return true
  if (Array.isArray(desired) && Array.isArray(actual) && desired.length === actual.length)
    return desired.every((item, index) => covers(actual[index], item))
  if (isMapping(desired) && isMapping(actual))
    return Object.keys(desired).every(key => desired[key] === undefined || covers(actual[key], desired[key]))
  return (isEmpty(desired) && isEmpty(actual)) || isDeepStrictEqual(actual, desired)
}

/** Where `actual` falls short of `desired`, in the sense of `covers`. */
export function listDifferences(actual: unknown, desired: unknown, path = ''): Difference[] {
  if (Array.isArray(desired) && Array.isArray(actual) && desired.length === actual.length) {
    return desired.flatMap((item, index) => listDifferences(actual[index], item, `${path}[${index}]`))
  }
  if (isMapping(desired) && isMapping(actual)) {
    return Object.entries(desired)
      .filter(([, value]) => value !== undefined)
      .flatMap(([key, value]) => listDifferences(actual[key], value, joinPath(path, key)))
  }
  if (isEmpty(desired) && isEmpty(actual)) return []
  return isDeepStrictEqual(actual, desired) ? [] : [{ path, actual, desired }]
}

/** Servers drop empty lists and mappings: stating one is stating nothing. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  return Array.isArray(value) ? value.length === 0 : isMapping(value) && Object.keys(value).length === 0
}

/** Whether a value has fields: neither a list nor a scalar. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function joinPath(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}["${key}"]`
  return path === '' ? key : `${path}.${key}`
}
