import { readFileSync } from 'node:fs'
import type { GroupVersionKind, Schema } from './schema.ts'

let loaded: { definitions: Readonly<Record<string, Schema>>; names: ReadonlyMap<string, string> } | undefined

/** What Kubernetes 1.35 publishes of its types; read once, when it is first asked for. */
function published(): NonNullable<typeof loaded> {
  if (loaded) return loaded
  const text = readFileSync(new URL('kubernetes-1.35.json', import.meta.url), 'utf8')
  const definitions = JSON.parse(text) as Record<string, Schema>
  const names = Object.entries(definitions).flatMap(([name, definition]) =>
    (definition['x-kubernetes-group-version-kind'] ?? []).map(kind => [keyOf(kind), name] as const),
  )
  loaded = { definitions, names: new Map(names) }
  return loaded
}

const keyOf = ({ group, version, kind }: GroupVersionKind) => `${group}/${version}/${kind}`

/** The published schema of a kind of Kubernetes itself. */
export function publishedSchema(kind: GroupVersionKind): Schema | undefined {
  const { definitions, names } = published()
  return definitions[names.get(keyOf(kind)) ?? '']
}

/** Published definitions by their names: those that the schemas refer to, and all that these refer to in turn. */
export function definitionsBehind(schemas: readonly Schema[]): ReadonlyMap<string, Schema> {
  const { definitions } = published()
  const found = new Map<string, Schema>()
  const follow = (schema: Schema) => {
    for (const [, name = ''] of JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g)) {
      const definition = definitions[name]
      if (!definition || found.has(name)) continue
      found.set(name, definition)
      follow(definition)
    }
  }
  schemas.forEach(follow)
  return found
}

/** The schema that a reference leads to; one without reference itself. */
export function resolve(schema: Schema): Schema {
  const { $ref, 'x-kubernetes-map-type': type } = schema
  if ($ref === undefined) return schema
  const definition = published().definitions[$ref] ?? {}
  return type ? { ...definition, 'x-kubernetes-map-type': type } : definition
}

export const metadataSchema: Schema = { $ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }

/**
 * What a reference stands for that Go reads by rules of its own: JSON of several types, or a text of a certain form.
 */
export function ownTypeOf({ $ref = '', ...schema }: Schema): OwnType | undefined {
  if (schema['x-kubernetes-int-or-string']) return 'IntOrString'
  return ownTypes[$ref]
}

export type OwnType = 'Quantity' | 'IntOrString' | 'Time' | 'MicroTime' | 'any' | 'object'

const machinery = 'io.k8s.apimachinery.pkg'
const extensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1'
const ownTypes: Readonly<Record<string, OwnType>> = {
  [`${machinery}.api.resource.Quantity`]: 'Quantity',
  [`${machinery}.util.intstr.IntOrString`]: 'IntOrString',
  [`${machinery}.apis.meta.v1.Time`]: 'Time',
  [`${machinery}.apis.meta.v1.MicroTime`]: 'MicroTime',
  [`${machinery}.apis.meta.v1.FieldsV1`]: 'object',
  [`${machinery}.runtime.RawExtension`]: 'object',
  ...Object.fromEntries(
    ['JSON', 'JSONSchemaPropsOrArray', 'JSONSchemaPropsOrBool', 'JSONSchemaPropsOrStringArray'].map(
      name => [`${extensions}.${name}`, 'any'] as const,
    ),
  ),
}
