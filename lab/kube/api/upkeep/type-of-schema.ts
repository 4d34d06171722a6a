import { type Fields, fieldsAt, isFields } from '../objects.ts'
import type { FieldType } from '../typed-fields.ts'

/** What values of an OpenAPI schema may be. */
export function typeOfSchema(schema: Fields): FieldType {
  if (
    schema['x-kubernetes-int-or-string'] === true ||
    schema['x-kubernetes-preserve-unknown-fields'] === true
  )
    return 'any'
  switch (schema.type) {
    case 'string':
    case 'boolean':
      return schema.type
    case 'integer':
    case 'number':
      return 'number'
    case 'array':
      return { list: typeOfSchema(fieldsAt(schema, 'items')) }
    case 'object':
      return typeOfMap(schema)
    default:
      return 'any'
  }
}

function typeOfMap(schema: Fields): FieldType {
  const { additionalProperties: values } = schema
  if (isFields(values)) return { map: typeOfSchema(values) }
  const fields = Object.entries(fieldsAt(schema, 'properties')).map(
    ([name, property]) => [name, isFields(property) ? typeOfSchema(property) : 'any'] as const,
  )
  // Servers drop what an object without properties holds; to apply it is no mistake.
  return fields.length === 0 ? { map: 'any' } : { fields: () => Object.fromEntries(fields) }
}
