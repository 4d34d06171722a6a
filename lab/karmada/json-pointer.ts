import { isFields } from '@meridian/lab-world/json'

export type PointerOperation = { operator: 'add' | 'replace' | 'remove'; path: string; value?: unknown }

/**
 * Applies one JSON-patch-like operation to `document` in place.
 * Throws Error in the words of the patch library Karmada uses when the path does not exist.
 */
export function applyPointer(document: Record<string, unknown>, operation: PointerOperation): void {
  const keys = operation.path.split('/').slice(1).map(unescapeKey)
  const last = keys.pop()
  if (last === undefined) throw new Error(`invalid override path ${JSON.stringify(operation.path)}`)
  let parent: unknown = document
  for (const key of keys) parent = child(parent, key)
  if (Array.isArray(parent)) {
    changeArray(parent, last, operation)
    return
  }
  if (!isFields(parent)) throw missing(operation)
  if (operation.operator === 'add') parent[last] = operation.value
  else if (!(last in parent)) throw missing(operation)
  else if (operation.operator === 'replace') parent[last] = operation.value
  else delete parent[last]
}

function changeArray(array: unknown[], key: string, operation: PointerOperation): void {
  const index = key === '-' ? array.length : Number(key)
  const limit = operation.operator === 'add' ? array.length : array.length - 1
  if (!Number.isInteger(index) || index < 0 || index > limit) throw missing(operation)
  if (operation.operator === 'add') array.splice(index, 0, operation.value)
  else if (operation.operator === 'replace') array[index] = operation.value
  else array.splice(index, 1)
}

function child(parent: unknown, key: string): unknown {
  if (Array.isArray(parent)) return parent[Number(key)]
  return isFields(parent) ? parent[key] : undefined
}

function missing(operation: PointerOperation): Error {
  const { operator, path } = operation
  return new Error(`${operator} operation does not apply: doc is missing path: ${path}: missing value`)
}

function unescapeKey(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~')
}
