import { isRefusal, isUnknownKind, KubeError, type KubeObject } from '@meridian/kube'
import { fromJSONSchema } from 'zod'
import { en } from 'zod/locales'
import type * as z from 'zod/mini'

/** The part of a definition's schema that is checked: what it says besides (patterns, formats, rules) the server checks. */
export type Schema = {
  type?: string
  properties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  items?: Schema
  required?: string[]
  enum?: unknown[]
  default?: unknown
  [keyword: string]: unknown
}
type DefinitionSpec = {
  group?: string
  names?: { kind?: string }
  versions?: { name?: string; schema?: { openAPIV3Schema?: Schema } }[]
}

const limits = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems']

/**
 * Judges an object whose dry run has failed because its definition comes, or changes, in the same run: by that
 * definition. True where it fits, false where nothing can be told. Throws the failure where it has another reason, and
 * one AggregateError for all that does not fit.
 */
export function checkByDefinition(
  object: KubeObject,
  definitions: readonly KubeObject[],
  failure: unknown,
): boolean {
  const isUnknown = isUnknownKind(failure)
  if (!isUnknown && (!isRefusal(failure) || failure.status === 403)) throw failure
  const schema = findSchema(object, definitions)
  if (schema === undefined && !isUnknown) throw failure
  if (schema === undefined) return false
  const faults = listFaults(object, schema)
  if (faults.length === 0) return true
  const server = failure instanceof KubeError ? failure.server : ''
  throw new AggregateError(
    faults.map(fault => new KubeError(fault, { status: 422, reason: 'Invalid', server })),
    faults.join('; '),
  )
}

/** What the manifests themselves say of an object's kind in its version. */
function findSchema(
  { apiVersion, kind }: KubeObject,
  definitions: readonly KubeObject[],
): Schema | undefined {
  const [group, version] = apiVersion.split('/')
  const specs = definitions
    .filter(each => each.kind === 'CustomResourceDefinition')
    .map(({ spec }) => (spec ?? {}) as DefinitionSpec)
  const found = specs.find(spec => spec.group === group && spec.names?.kind === kind)
  return found?.versions?.find(({ name }) => name === version)?.schema?.openAPIV3Schema
}

/** What of an object does not fit the schema of its definition, as `.spec.size: …`. */
export function listFaults(object: KubeObject, schema: Schema): string[] {
  const { apiVersion: _v, kind: _k, metadata: _m, ...content } = withoutNulls(object) as KubeObject
  const { success, error } = fromJSONSchema(strict(schema)).safeParse(content, { error: en().localeError })
  return success ? [] : error.issues.flatMap(tellIssue)
}

function tellIssue(issue: z.core.$ZodIssue): string[] {
  const place = issue.path.map(step => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => `${place}.${key}: field not declared in schema`)
  return [`${place || '.'}: ${issue.message.replace('Invalid input: ', '')}`]
}

/** JSON Schema of what a definition declares, in which, as on the server, what is not declared may not be there. */
function strict(schema: Schema): Record<string, unknown> {
  if (schema['x-kubernetes-int-or-string']) return { type: ['integer', 'string'] }
  const { type, properties = {}, additionalProperties, items, required = [] } = schema
  const bounds = Object.fromEntries(limits.flatMap(key => (key in schema ? [[key, schema[key]]] : [])))
  if (schema.enum !== undefined) return { enum: schema.enum }
  if (type === 'array') return { type, ...bounds, items: items ? strict(items) : {} }
  if (type !== 'object') return type === undefined ? {} : { type, ...bounds }
  // Any object may stand there whole: its own kind decides.
  if (schema['x-kubernetes-embedded-resource']) return { type }
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true
  const rest = typeof additionalProperties === 'object' ? strict(additionalProperties) : additionalProperties
  return {
    type,
    properties: mapValues(properties, strict),
    required: required.filter(name => properties[name]?.default === undefined),
    additionalProperties: rest ?? open,
  }
}

/** The server takes a null for a field that is not there. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return mapValues(
    Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null)),
    withoutNulls,
  )
}

function mapValues<T, R>(values: Record<string, T>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]))
}
