import { describePath, type FieldPath, itemStep } from './fields/field-set.ts'
import { apiVersionOf, type Kind } from './kind.ts'
import { fieldSchema, isKeyed, itemSchema, type MergeSchema, objectSchema } from './merge-schema.ts'
import { isFields, type KubeObject } from './objects.ts'
import { StatusError } from './status-error.ts'

/** What a value may be: anything, a scalar, a list or map of such values, or an object of certain fields. */
export type FieldType =
  | 'any'
  | 'string'
  | 'number'
  | 'boolean'
  | { readonly list: FieldType }
  | { readonly map: FieldType }
  | { readonly fields: () => Readonly<Record<string, FieldType>> }

/**
 * Refuses an apply of what does not fit the schema of its kind, as real servers do: with 500 and without a reason,
 * whatever validation is asked for. `namespace` is what the body itself says, '' for nothing.
 */
export function refuseMistyped(kind: Kind, object: KubeObject, type: FieldType, namespace: string): void {
  const problems = listMistyped(object, type, objectSchema(kind), [])
  if (problems.length === 0) return
  const text = problems.length === 1 ? problems[0] : `errors:\n  ${problems.join('\n  ')}`
  const subject = `${namespace}/${object.metadata.name}; ${apiVersionOf(kind)}, Kind=${kind.kind}`
  throw new StatusError(500, '', `failed to create typed patch object (${subject}): ${text}`)
}

function listMistyped(value: unknown, type: FieldType, schema: MergeSchema, path: FieldPath): string[] {
  if (type === 'any' || value === null || value === undefined) return []
  const at = describePath(path)
  if (typeof type === 'string') return isScalar(value, type) ? [] : [`${at}: ${describeScalar(value, type)}`]
  if ('list' in type) {
    if (!Array.isArray(value)) return [`${at}: expected list, got ${describeGot(value)}`]
    return [
      ...listTwice(value, schema, at),
      ...value.flatMap((item, index) => {
        const step = stepOf(item, schema) ?? `v:${index}`
        return listMistyped(item, type.list, itemSchema(schema), [...path, step])
      }),
    ]
  }
  if (!isFields(value)) return [`${at}: expected map, got ${describeGot(value)}`]
  const known = 'map' in type ? undefined : type.fields()
  const names = Object.keys(value).sort()
  return names.flatMap(name => {
    const below = 'map' in type ? type.map : known?.[name]
    const inner = [...path, `f:${name}`]
    if (below === undefined) return [`${describePath(inner)}: field not declared in schema`]
    return listMistyped(value[name], below, fieldSchema(schema, name), inner)
  })
}

function stepOf(item: unknown, schema: MergeSchema): string | undefined {
  if (schema.set) return `v:${JSON.stringify(item)}`
  return isKeyed(schema) && isFields(item) ? itemStep(schema, item) : undefined
}

function listTwice(items: readonly unknown[], schema: MergeSchema, at: string): string[] {
  const steps = items.map(item => stepOf(item, schema))
  const twice = steps.filter((step, index) => step !== undefined && steps.indexOf(step) < index)
  return [...new Set(twice)].map(step => `${at}: duplicate entries for key ${describePath([step ?? ''])}`)
}

const isScalar = (value: unknown, type: 'string' | 'number' | 'boolean') => typeof value === type

function describeScalar(value: unknown, type: 'string' | 'number' | 'boolean'): string {
  if (type === 'string') return `expected string, got &value.valueUnstructured{Value:${describeGot(value)}}`
  const wanted = type === 'number' ? 'numeric (int or float)' : 'boolean'
  return `expected ${wanted}, got ${goTypeOf(value)}`
}

/** As Go prints a value that it does not know the type of. */
function describeGot(value: unknown): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(describeGot).join(', ')}}`
  if (!isFields(value)) return JSON.stringify(value)
  const entries = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}:${describeGot(each)}`)
  return `map[string]interface {}{${entries.join(', ')}}`
}

function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return typeof value === 'boolean'
    ? 'bool'
    : typeof value === 'string'
      ? 'string'
      : 'map[string]interface {}'
}
