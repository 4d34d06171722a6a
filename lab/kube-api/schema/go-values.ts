import { isFields } from '@meridian/lab-world/json'
import { resolve } from './published.ts'
import type { Schema } from './schema.ts'

/** As Go prints a value that server-side apply did not expect: `&{80}`, or with its type. */
export function describeGo(value: unknown, typed = false): string {
  return typed ? `&value.valueUnstructured{Value:${literal(value)}}` : `&{${goText(value)}}`
}

/** As Go prints a JSON value. */
export function goText(value: unknown): string {
  if (value === null) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`
  if (!isFields(value)) return String(value)
  const names = Object.keys(value).sort()
  return `map[${names.map(name => `${name}:${goText(value[name])}`).join(' ')}]`
}

function literal(value: unknown): string {
  if (value === null) return 'interface {}(nil)'
  if (Array.isArray(value)) return `[]interface {}{${value.map(literal).join(', ')}}`
  if (!isFields(value)) return JSON.stringify(value)
  const names = Object.keys(value).sort()
  const entries = names.map(name => `${JSON.stringify(name)}:${literal(value[name])}`)
  return `map[string]interface {}{${entries.join(', ')}}`
}

/** The type that Go reads a JSON value into. */
export function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}'
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? 'int64' : 'float64'
    case 'boolean':
      return 'bool'
    case 'string':
      return 'string'
  }
  return 'map[string]interface {}'
}

/** What a JSON value is called by Go's decoder. */
export function jsonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

const scalars: Readonly<Record<string, string>> = { string: 'string', boolean: 'bool', number: 'float64' }

/** What the Go type of a schema is called. */
export function typeNameOf(schema: Schema): string {
  const { type = '', format, items, additionalProperties: values, 'x-go-type': own } = resolve(schema)
  if (schema.$ref) return schema.$ref.split('.').slice(-2).join('.')
  if (type === 'array') return `[]${typeNameOf(items ?? {})}`
  if (own) return own
  if (type === 'object')
    return `map[string]${typeof values === 'object' ? typeNameOf(values) : 'interface {}'}`
  if (type === 'integer') return format ?? 'int64'
  return format === 'byte' ? '[]uint8' : (scalars[type] ?? 'interface {}')
}
