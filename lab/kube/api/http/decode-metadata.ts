import { type Fields, isFields } from '../objects.ts'
import { goTypeOf } from './read-object.ts'

const texts = ['name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'selfLink']
const maps = ['labels', 'annotations']

/** Metadata as Go would decode it, nulls being nothing; the decoder's own words where it would not. */
export function decodeMetadata(given: unknown): Fields | string {
  if (given === undefined || given === null) return {}
  if (!isFields(given)) return `json: cannot unmarshal ${goTypeOf(given)} into Go value of type v1.ObjectMeta`
  const problem = problemIn(given)
  if (problem !== undefined) return problem
  const kept = Object.entries(given).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(
    kept.map(([name, value]) => [name, maps.includes(name) && isFields(value) ? withTexts(value) : value]),
  )
}

/** A null in a map of texts is the empty text. */
function withTexts(values: Fields): Fields {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? '']))
}

function problemIn(metadata: Fields): string | undefined {
  for (const [name, value] of Object.entries(metadata)) {
    const wrong = value === null || value === undefined ? undefined : mismatchOf(name, value)
    if (wrong) {
      return `json: cannot unmarshal ${goTypeOf(wrong.value)} into Go struct field ObjectMeta.${name} of type ${wrong.type}`
    }
  }
  return undefined
}

function mismatchOf(name: string, value: unknown): { value: unknown; type: string } | undefined {
  if (texts.includes(name)) return typeof value === 'string' ? undefined : { value, type: 'string' }
  if (maps.includes(name)) {
    return isFields(value) ? textMismatch(Object.values(value)) : { value, type: 'map[string]string' }
  }
  if (name === 'finalizers') return Array.isArray(value) ? textMismatch(value) : { value, type: '[]string' }
  return undefined
}

function textMismatch(values: readonly unknown[]): { value: unknown; type: string } | undefined {
  const wrong = values.find(value => value !== null && typeof value !== 'string')
  return wrong === undefined ? undefined : { value: wrong, type: 'string' }
}
