import { type Fields, isFields } from '@meridian/lab-world/json'
import { describePath, itemStep } from '../fields/field-set.ts'
import { apiVersionOf, isCustom, type Kind } from '../kind.ts'
import type { KubeObject } from '../objects.ts'
import { StatusError } from '../status-error.ts'
import { describeGo, goTypeOf } from './go-values.ts'
import { mergeSchemaOf } from './merge-schema-of.ts'
import { metadataSchema, ownTypeOf, resolve } from './published.ts'
import type { Schema } from './schema.ts'
import { schemaOf } from './schema-of.ts'

const text: Schema = { type: 'string' }

/**
 * Refuses an apply of what does not fit the schema of its kind, as real servers do: with 500 and without a reason,
 * whatever validation is asked for. `namespace` is what the body itself says, '' for nothing.
 */
export function refuseMistyped(kind: Kind, object: KubeObject, namespace: string): void {
  const schema = schemaOf(kind)
  if (!schema) return
  const problems = listMistyped(object, isCustom(kind) ? withIdentity(schema) : schema)
  if (problems.length === 0) return
  const all = problems.length === 1 ? problems[0] : `errors:\n  ${problems.join('\n  ')}`
  const subject = `${namespace}/${object.metadata.name}; ${apiVersionOf(kind)}, Kind=${kind.kind}`
  throw new StatusError(500, '', `failed to create typed patch object (${subject}): ${all}`)
}

function withIdentity(schema: Schema): Schema {
  const properties = { ...schema.properties, apiVersion: text, kind: text, metadata: metadataSchema }
  return { ...schema, type: 'object', properties }
}

/** Each thing that server-side apply cannot take, as `.spec.x: what is wrong`. */
function listMistyped(value: unknown, schema: Schema, at = '', open = false): string[] {
  if (value === null || value === undefined) return []
  const own = ownTypeOf(schema)
  if (own === 'any') return []
  if (own !== undefined && own !== 'object') {
    return typeof value === 'object' ? [`${at}: expected any scalar, got ${describeGo(value)}`] : []
  }
  const { type, ...resolved } = resolve(schema)
  switch (type) {
    case undefined:
      return []
    case 'object':
      if (!isFields(value)) return [`${at}: expected map, got ${describeGo(value)}`]
      return inMap(value, resolved, at, open || resolved['x-kubernetes-preserve-unknown-fields'] === true)
    case 'array':
      if (!Array.isArray(value)) return [`${at}: expected list, got ${describeGo(value)}`]
      return inList(value, { type, ...resolved }, at, open)
    case 'string':
      return typeof value === type ? [] : [`${at}: expected string, got ${describeGo(value, true)}`]
    case 'boolean':
      return typeof value === type ? [] : [`${at}: expected boolean, got ${describeGo(value)}`]
    default:
      return typeof value === 'number'
        ? []
        : [`${at}: expected numeric (int or float), got ${goTypeOf(value)}`]
  }
}

/** Real servers read the fields of a map in no order, and on only up to the first one that they do not know. */
function inMap(value: Fields, schema: Schema, at: string, open: boolean): string[] {
  const { properties = {}, additionalProperties: values } = schema
  const free = open || (values === undefined && Object.keys(properties).length === 0)
  const problems: string[] = []
  const unknown: string[] = []
  for (const name of Object.keys(value).sort()) {
    const below = properties[name] ?? (typeof values === 'object' ? values : free || values ? {} : undefined)
    if (below === undefined) unknown.push(`${at}.${name}: field not declared in schema`)
    else problems.push(...listMistyped(value[name], below, `${at}.${name}`, open))
  }
  return [...problems, ...unknown.slice(0, 1)]
}

function inList(items: readonly unknown[], schema: Schema, at: string, open: boolean): string[] {
  const seen = new Set<string>()
  const problems: string[] = []
  for (const [index, item] of items.entries()) {
    const misplaced = misplacedItem(item, schema)
    if (misplaced) return [...problems, `${at}: element ${index}: ${misplaced}`]
    const step = stepOf(item, index, schema)
    if (step !== `[${index}]` && seen.has(step)) problems.push(`${at}: duplicate entries for key ${step}`)
    seen.add(step)
    problems.push(...listMistyped(item, schema.items ?? {}, at + step, open))
  }
  return problems
}

function stepOf(item: unknown, index: number, schema: Schema): string {
  const merge = mergeSchemaOf(schema)
  if (schema['x-kubernetes-list-type'] === 'set') return describePath([`v:${JSON.stringify(item)}`])
  if (schema['x-kubernetes-list-type'] !== 'map') return `[${index}]`
  return describePath([itemStep({ ...merge, keys: merge.keys ?? [] }, item)])
}

/** Why an item cannot be told from the others of its list. */
function misplacedItem(item: unknown, schema: Schema): string | undefined {
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      if (item === null) return "associative list without keys has an element that's an explicit null"
      if (Array.isArray(item)) return 'not supported: associative list with lists as elements'
      return isFields(item) ? "associative list without keys has an element that's a map type" : undefined
    case 'map':
      if (item === null) return 'associative list with keys may not have a null element'
      if (!isFields(item)) return 'associative list with keys may not have non-map elements'
      return omitsKeys(item, schema)
  }
  return undefined
}

function omitsKeys(item: Fields, schema: Schema): string | undefined {
  const { keys = [], keyDefaults = {} } = mergeSchemaOf(schema)
  if (keys.some(key => key in item || key in keyDefaults)) return undefined
  const list = keys.map(key => JSON.stringify(key)).join(' ')
  return `associative list with keys has an element that omits all key fields [${list}] (and doesn't have default values for any key fields)`
}
