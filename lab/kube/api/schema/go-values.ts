import { isFields } from '../objects.ts'

/** As Go prints a value that server-side apply did not expect: `&{80}`, or with its type. */
export function describeGo(value: unknown, typed = false): string {
  return typed ? `&value.valueUnstructured{Value:${literal(value)}}` : `&{${plain(value)}}`
}

function plain(value: unknown): string {
  if (value === null) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(plain).join(' ')}]`
  if (!isFields(value)) return String(value)
  const names = Object.keys(value).sort()
  return `map[${names.map(name => `${name}:${plain(value[name])}`).join(' ')}]`
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
