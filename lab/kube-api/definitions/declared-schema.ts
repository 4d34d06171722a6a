import type { Schema } from '../schema/schema.ts'

/** A schema as a definition may state it, with all that Kubernetes then refuses. */
export type DeclaredSchema = Schema & {
  readonly id?: string
  readonly title?: string
  readonly description?: string
  readonly additionalItems?: unknown
  readonly patternProperties?: object
  readonly definitions?: object
  readonly dependencies?: object
  readonly 'x-kubernetes-validations'?: readonly { readonly rule?: string; readonly message?: string }[]
}

/** The schemas below a schema that say what is where, with their places. */
export function partsOf(schema: DeclaredSchema, at: string): [place: string, part: DeclaredSchema][] {
  const { items, properties = {}, additionalProperties } = schema
  return [
    ...(items && !Array.isArray(items) ? [[`${at}.items`, items] as [string, Schema]] : []),
    ...Object.keys(properties)
      .sort()
      .map((name): [string, Schema] => [`${at}.properties[${name}]`, properties[name] ?? {}]),
    ...(typeof additionalProperties === 'object'
      ? [[`${at}.additionalProperties`, additionalProperties] as [string, Schema]]
      : []),
  ]
}

/** The schemas that only restrict what a schema says, with their places. */
export function restrictionsOf(schema: DeclaredSchema, at: string): [place: string, part: DeclaredSchema][] {
  const lists = (['anyOf', 'allOf', 'oneOf'] as const).flatMap(name =>
    (schema[name] ?? []).map((part, index): [string, Schema] => [`${at}.${name}[${index}]`, part]),
  )
  return schema.not ? [...lists, [`${at}.not`, schema.not]] : lists
}
