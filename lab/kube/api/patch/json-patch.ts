import { copyJson, isFields, sameJson } from '../objects.ts'
import { badRequest, StatusError } from '../status-error.ts'

type Operation = { op: string; path: string; from?: string; value?: unknown }
type Step = string

/** RFC 6902. Throws 400 for a malformed patch, 422 for one that does not fit the document. */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    )
  return patch.reduce<unknown>(
    (result, operation) => applyOperation(result, readOperation(operation)),
    copyJson(document),
  )
}

function readOperation(value: unknown): Operation {
  if (!isFields(value) || typeof value.op !== 'string' || typeof value.path !== 'string') {
    throw badRequest('error decoding patch: every operation needs an op and a path')
  }
  return {
    op: value.op,
    path: value.path,
    value: value.value,
    ...(typeof value.from === 'string' ? { from: value.from } : {}),
  }
}

function applyOperation(document: unknown, { op, path, from, value }: Operation): unknown {
  const steps = parsePointer(path)
  switch (op) {
    case 'add':
      return insertAt(document, steps, value)
    case 'remove':
      return removeAt(document, steps, path)
    case 'replace':
      return insertAt(removeAt(document, steps, path), steps, value)
    case 'test':
      if (!sameJson(readAt(document, steps, path), value)) throw unprocessable(`testing value ${path} failed`)
      return document
    case 'copy':
      return insertAt(document, steps, copyJson(readAt(document, parsePointer(from ?? ''), from ?? '')))
    case 'move': {
      const source = parsePointer(from ?? '')
      const moved = readAt(document, source, from ?? '')
      return insertAt(removeAt(document, source, from ?? ''), steps, moved)
    }
    default:
      throw badRequest(`Unexpected kind: ${op}`)
  }
}

function parsePointer(pointer: string): Step[] {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) throw badRequest(`"${pointer}" is not a JSON pointer`)
  return pointer
    .slice(1)
    .split('/')
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function readAt(document: unknown, steps: readonly Step[], path: string): unknown {
  return steps.reduce((node, step) => {
    if (Array.isArray(node) && Number(step) in node) return node[Number(step)]
    if (isFields(node) && Object.hasOwn(node, step)) return node[step]
    throw unprocessable(`doc is missing path: ${path}: missing value`)
  }, document)
}

function insertAt(document: unknown, steps: readonly Step[], value: unknown): unknown {
  const last = steps.at(-1)
  if (last === undefined) return value
  const path = `/${steps.join('/')}`
  const parent = readAt(document, steps.slice(0, -1), path)
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last)
    if (!Number.isInteger(index) || index < 0 || index > parent.length)
      throw unprocessable(`Unable to access invalid index: ${last}: invalid index referenced`)
    parent.splice(index, 0, value)
  } else if (isFields(parent)) parent[last] = value
  else throw unprocessable(`doc is missing path: ${path}: missing value`)
  return document
}

function removeAt(document: unknown, steps: readonly Step[], path: string): unknown {
  const last = steps.at(-1)
  if (last === undefined) return undefined
  const parent = readAt(document, steps.slice(0, -1), path)
  readAt(parent, [last], path)
  if (Array.isArray(parent)) parent.splice(Number(last), 1)
  else if (isFields(parent)) delete parent[last]
  return document
}

function unprocessable(problem: string): StatusError {
  const message = `the server rejected our request due to an error in our request: ${problem}`
  return new StatusError(422, 'Invalid', message)
}
