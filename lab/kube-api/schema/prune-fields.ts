import { type Fields, isFields } from '@meridian/lab-world/json'
import type { Schema } from './schema.ts'

/** A custom resource without the fields that its schema does not declare. Its metadata is left alone. */
export function pruneObject(object: Fields, schema: Schema): { object: Fields; unknown: string[] } {
  const unknown: string[] = []
  const value = prune(object, { ...schema, 'x-kubernetes-embedded-resource': true }, '', unknown)
  return { object: isFields(value) ? value : object, unknown: unknown.sort() }
}

const identity = new Set(['apiVersion', 'kind', 'metadata'])

function prune(value: unknown, schema: Schema | undefined, at: string, unknown: string[]): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => prune(item, schema?.items, `${at}[${index}]`, unknown))
  }
  if (!isFields(value)) return value
  const { properties = {}, additionalProperties: values } = schema ?? {}
  const keeps = schema?.['x-kubernetes-preserve-unknown-fields'] === true
  const kept: Fields = {}
  for (const [name, child] of Object.entries(value)) {
    const path = at ? `${at}.${name}` : name
    const below = properties[name]
    if (schema?.['x-kubernetes-embedded-resource'] && identity.has(name)) kept[name] = child
    else if (below) kept[name] = prune(child, below, path, unknown)
    else if (values)
      kept[name] = keeps && values === true ? child : prune(child, schemaOf(values), path, unknown)
    else if (keeps) kept[name] = child
    else unknown.push(path)
  }
  return kept
}

const schemaOf = (values: Schema | boolean) => (typeof values === 'object' ? values : undefined)
