import { type Fields, isFields } from '@meridian/lab-world/json'
import { canonicalQuantity, quantityProblem } from './canonical-quantity.ts'
import { timeProblem } from './go-time.ts'
import { jsonTypeOf, typeNameOf } from './go-values.ts'
import { type OwnType, ownTypeOf, resolve } from './published.ts'
import type { Schema } from './schema.ts'

/** Where a value stands: by its path, by the Go struct that it is a field of, and by the fields that lead there. */
type Place = { path: string; struct: string; field: string }

export type Decoded = {
  /** What Go keeps: known fields, no nulls, quantities in their canonical form. */
  value: unknown
  /** Paths of the fields that no type has. */
  unknown: string[]
  /** Why Go refuses the value, in its own words. */
  mistake?: string
}

/** A problem that ends the reading at once and is told instead of those before it. */
class Unreadable extends Error {}

type Findings = { unknown: string[]; mistakes: string[] }

/**
 * Reads a JSON value as Go reads it into the type of a published schema. The name of the struct and the place of the
 * value within the object are those that problems are told with.
 */
export function decodeTyped(value: unknown, schema: Schema, at: Place): Decoded {
  const findings: Findings = { unknown: [], mistakes: [] }
  try {
    const kept = decode(value, schema, at, findings)
    const [mistake] = findings.mistakes
    return { value: kept, unknown: findings.unknown, ...(mistake === undefined ? {} : { mistake }) }
  } catch (error) {
    if (error instanceof Unreadable) return { value: undefined, unknown: [], mistake: error.message }
    throw error
  }
}

function decode(value: unknown, schema: Schema, at: Place, findings: Findings): unknown {
  if (value === null || value === undefined) return undefined
  const own = ownTypeOf(schema)
  if (own) return decodeOwn(value, own, at)
  const type = resolve(schema)
  switch (type.type) {
    case 'array':
      if (!Array.isArray(value)) return mismatch(value, schema, at, findings)
      return value.map(
        (item, index) =>
          decode(item, type.items ?? {}, { ...at, path: `${at.path}[${index}]` }, findings) ??
          zeroOf(type.items ?? {}),
      )
    case 'object':
      if (!isFields(value)) return mismatch(value, schema, at, findings)
      return type.properties
        ? decodeStruct(value, schema, at, findings)
        : decodeMap(value, type, at, findings)
    case undefined:
      return value
    default:
      return decodeScalar(value, type, at, findings)
  }
}

function decodeStruct(value: Fields, schema: Schema, at: Place, findings: Findings): Fields {
  const { properties = {} } = resolve(schema)
  const struct = schema.$ref?.split('.').at(-1) ?? at.struct
  const kept: Fields = {}
  for (const [name, child] of Object.entries(value)) {
    const below = properties[name]
    const path = at.path ? `${at.path}.${name}` : name
    if (below === undefined) {
      findings.unknown.push(path)
      continue
    }
    const field = at.field ? `${at.field}.${name}` : name
    const read = decode(child, below, { path, struct, field }, findings)
    if (read !== undefined) kept[name] = read
  }
  return kept
}

function decodeMap(value: Fields, schema: Schema, at: Place, findings: Findings): Fields {
  const { additionalProperties: values } = schema
  if (typeof values !== 'object') return value
  const entries = Object.entries(value).map(([name, child]) => {
    const read = decode(child, values, { ...at, path: `${at.path}.${name}` }, findings)
    return [name, read ?? zeroOf(values)] as const
  })
  return Object.fromEntries(entries)
}

function decodeScalar(value: unknown, schema: Schema, at: Place, findings: Findings): unknown {
  const { type, format } = schema
  if (type === 'integer') {
    const most = format === 'int32' ? 2 ** 31 : 2 ** 63
    if (typeof value === 'number' && Number.isInteger(value) && value >= -most && value < most) return value
    return mismatch(value, schema, at, findings)
  }
  if (typeof value !== type) return mismatch(value, schema, at, findings)
  if (format !== 'byte') return value
  const illegal = illegalBase64(String(value))
  if (illegal !== undefined) findings.mistakes.push(`illegal base64 data at input byte ${illegal}`)
  return value
}

/** Where a text stops being base64, as Go finds it; undefined for base64. */
function illegalBase64(text: string): number | undefined {
  const plain = text.replaceAll(/[\r\n]/g, '')
  const body = plain.replace(/={1,2}$/, '')
  const at = body.search(/[^A-Za-z0-9+/]/)
  if (at >= 0) return at
  if (plain.length % 4 === 0 && body.length % 4 !== 1) return undefined
  return plain === body ? body.length - (body.length % 4) : body.length
}

function decodeOwn(value: unknown, own: OwnType, at: Place): unknown {
  switch (own) {
    case 'Quantity': {
      const text = typeof value === 'object' ? '' : String(value).trim()
      const problem = quantityProblem(text)
      if (problem) throw new Unreadable(problem)
      return canonicalQuantity(text)
    }
    case 'IntOrString':
      if (typeof value === 'string' || Number.isInteger(value)) return value
      throw new Unreadable(cannotUnmarshal(value, 'int32', at))
    case 'Time':
    case 'MicroTime': {
      if (typeof value !== 'string') throw new Unreadable(cannotUnmarshal(value, 'string', at))
      const problem = timeProblem(value, own)
      if (problem) throw new Unreadable(problem)
      return value
    }
  }
  return value
}

function mismatch(value: unknown, schema: Schema, at: Place, findings: Findings): undefined {
  findings.mistakes.push(cannotUnmarshal(value, typeNameOf(schema), at))
}

function cannotUnmarshal(value: unknown, type: string, { struct, field }: Place): string {
  const isNumber = typeof value === 'number' && /^int|^float/.test(type)
  const what = isNumber ? `number ${value}` : jsonTypeOf(value)
  return `json: cannot unmarshal ${what} into Go struct field ${struct}.${field} of type ${type}`
}

/** What Go has in the place of a null of a list or map. */
function zeroOf(schema: Schema): unknown {
  switch (resolve(schema).type) {
    case 'string':
      return ''
    case 'integer':
    case 'number':
      return 0
    case 'boolean':
      return false
    case 'array':
      return []
  }
  return {}
}
