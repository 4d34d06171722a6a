/** The part of JSON Schema that GitHub's description of its API uses for what it is sent. */
export type Schema = {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean
  readonly items?: Schema
  readonly oneOf?: readonly Schema[]
  readonly nullable?: boolean
  readonly default?: unknown
}

/**
 * What is wrong with a value, in GitHub's words; undefined if it fits. Fields that GitHub does not know it ignores: here
 * they are refused, since whoever sends one expects it to have an effect.
 */
export function findFault(value: unknown, schema: Schema, place: string): string | undefined {
  if (value === null)
    return schema.nullable ? undefined : `For '${place}', nil is not ${article(schema.type)}.`
  if (schema.oneOf) {
    const faults = schema.oneOf.map(each => findFault(value, each, place))
    return faults.includes(undefined) ? undefined : `No subschema in "oneOf" matched for '${place}'.`
  }
  if (!isOfType(value, schema.type)) return `For '${place}', ${show(value)} is not ${article(schema.type)}.`
  if (schema.enum && !schema.enum.includes(value))
    return `For '${place}', ${show(value)} is not a member of ${JSON.stringify(schema.enum)}.`
  if (Array.isArray(value))
    return first(value, (each, at) => schema.items && findFault(each, schema.items, `${place}/${at}`))
  if (typeof value === 'object') return findFieldFault(value as Record<string, unknown>, schema, place)
  return undefined
}

function findFieldFault(fields: Record<string, unknown>, schema: Schema, place: string): string | undefined {
  const missing = schema.required?.find(name => !(name in fields))
  if (missing !== undefined) return `"${missing}" wasn't supplied.`
  const { properties = {}, additionalProperties = false } = schema
  return first(Object.entries(fields), ([name, value]) => {
    const known = properties[name]
    if (known) return findFault(value, known, `${place}/${name}`)
    return additionalProperties ? undefined : `"${name}" is not a permitted key.`
  })
}

function first<T>(
  values: readonly T[],
  find: (value: T, at: number) => string | undefined,
): string | undefined {
  for (const [at, value] of values.entries()) {
    const fault = find(value, at)
    if (fault !== undefined) return fault
  }
  return undefined
}

function isOfType(value: unknown, type: string | undefined): boolean {
  if (type === undefined) return true
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return typeof value === 'object' && !Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}

const article = (type = 'value') => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`)
const show = (value: unknown) => JSON.stringify(value)
