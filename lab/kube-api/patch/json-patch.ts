import { copyJson, isFields, sameJson } from '@meridian/lab-world/json'
import { badRequest, StatusError } from '../status-error.ts'

type Operation = { op?: unknown; path?: unknown; from?: unknown; value?: unknown }
type Container = Record<string, unknown> | unknown[]

/**
 * RFC 6902 as Kubernetes' library has it: what is not in a map is null, so that it can be replaced, copied and tested,
 * and a negative index counts from the end. Throws 400 for a malformed patch, and 422 without a word why for one that
 * does not fit the document.
 */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  const operations = readOperations(patch)
  // The document stands in a box, so that it can itself be replaced.
  const box = { document: copyJson(document) }
  for (const operation of operations) if (!applyOperation(box, operation)) throw unprocessable()
  return box.document
}

function readOperations(patch: unknown): Operation[] {
  if (!Array.isArray(patch)) throw undecodable(patch, 'value of type []handlers.jsonPatchOp')
  for (const operation of patch) {
    if (!isFields(operation)) throw undecodable(operation, 'value of type handlers.jsonPatchOp')
    for (const field of ['op', 'path', 'from']) {
      const value = operation[field] ?? ''
      if (typeof value !== 'string')
        throw undecodable(value, `struct field jsonPatchOp.${field} of type string`)
    }
  }
  return patch as Operation[]
}

/** Whether the operation could be done. */
function applyOperation(box: { document: unknown }, { op, path, from, value = null }: Operation): boolean {
  if (typeof path !== 'string') return false
  switch (op) {
    case 'add':
      return add(box.document, path, value)
    case 'remove':
      return remove(box.document, path)
    case 'replace':
      return replace(box, path, value)
    case 'test':
      return path === '' ? sameJson(box.document, value) : holds(box.document, path, value)
    case 'move':
    case 'copy': {
      const source = typeof from === 'string' ? read(box.document, from) : undefined
      if (!source || (op === 'move' && !remove(box.document, String(from)))) return false
      return add(box.document, path, copyJson(source.value))
    }
    default:
      return false
  }
}

type Place = { container: Container; key: string }

/** Where a pointer leads to; undefined if what should hold it is not there. */
function placeOf(document: unknown, pointer: string): Place | undefined {
  const [, ...steps] = pointer.split('/').map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  // A pointer without slash is taken for one into the document.
  const key = steps.pop() ?? undefined
  if (key === undefined) return undefined
  let node = document
  for (const step of steps) node = isContainer(node) ? valueIn(node, step)?.value : undefined
  return isContainer(node) ? { container: node, key } : undefined
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null
}

/** The index that a step means in a list of a length; undefined for none. */
function indexOf(step: string, length: number): number | undefined {
  if (!/^[+-]?\d+$/.test(step)) return undefined
  const index = Number(step) < 0 ? Number(step) + length : Number(step)
  return index >= 0 && index < length ? index : undefined
}

/** What a container holds: null where a map has nothing, undefined where a list has no such item. */
function valueIn(container: Container, key: string): { value: unknown } | undefined {
  if (!Array.isArray(container)) return { value: Object.hasOwn(container, key) ? container[key] : null }
  const index = indexOf(key, container.length)
  return index === undefined ? undefined : { value: container[index] }
}

function read(document: unknown, pointer: string): { value: unknown } | undefined {
  const place = placeOf(document, pointer)
  return place && valueIn(place.container, place.key)
}

function holds(document: unknown, pointer: string, value: unknown): boolean {
  const found = read(document, pointer)
  return found !== undefined && sameJson(found.value, value)
}

function add(document: unknown, pointer: string, value: unknown): boolean {
  const place = placeOf(document, pointer)
  if (!place) return false
  const { container, key } = place
  if (!Array.isArray(container)) {
    container[key] = value
    return true
  }
  const index = key === '-' ? container.length : indexOf(key, container.length + 1)
  if (index === undefined) return false
  container.splice(index, 0, value)
  return true
}

function remove(document: unknown, pointer: string): boolean {
  const place = placeOf(document, pointer)
  if (!place) return false
  const { container, key } = place
  if (!Array.isArray(container)) return Object.hasOwn(container, key) && delete container[key]
  const index = indexOf(key, container.length)
  if (index === undefined) return false
  container.splice(index, 1)
  return true
}

function replace(box: { document: unknown }, pointer: string, value: unknown): boolean {
  if (pointer === '') {
    box.document = value
    return isContainer(value)
  }
  const place = placeOf(box.document, pointer)
  if (!place || !valueIn(place.container, place.key)) return false
  const { container, key } = place
  if (Array.isArray(container)) container[indexOf(key, container.length) ?? 0] = value
  else container[key] = value
  return true
}

function undecodable(value: unknown, into: string): StatusError {
  const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  return badRequest(`error decoding patch: json: cannot unmarshal ${type} into Go ${into}`)
}

function unprocessable(): StatusError {
  return new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
}

const keys = new Set(['op', 'path', 'from', 'value'])

/** What a strict reader says of keys that no operation has. */
export function unknownKeys(patch: readonly unknown[]): string[] {
  return patch.flatMap((operation, index) =>
    Object.keys(isFields(operation) ? operation : {})
      .filter(key => !keys.has(key))
      .map(key => `unknown field "[${index}].${key}"`),
  )
}
