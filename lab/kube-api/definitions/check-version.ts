import { isFields, listAt, textAt, valueAt } from '@meridian/lab-world/json'
import {
  duplicateValue,
  type FieldProblem,
  forbiddenValue,
  invalidValue,
  requiredValue,
} from '../status-error.ts'
import { openApiProblems } from './check-openapi.ts'
import { schemaShapeProblems } from './check-structural.ts'
import type { DeclaredSchema } from './declared-schema.ts'

/** The fields that versions may have in common. */
export const ofVersions = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const

/** What is wrong with the fields of a version that are told at a place. */
export function servedProblems(
  version: unknown,
  placeOf: (field: string) => string | undefined,
): FieldProblem[] {
  const schema = valueAt(version, 'schema', 'openAPIV3Schema') as DeclaredSchema | undefined
  const [ofSchema, parts, ofColumns, fields] = ofVersions.map(placeOf)
  const hasStatus = valueAt(version, 'subresources', 'status') !== undefined
  return [
    ...(ofSchema && schema ? schemaProblems(schema, `${ofSchema}.openAPIV3Schema`, hasStatus) : []),
    ...(parts ? scaleProblems(valueAt(version, 'subresources', 'scale'), `${parts}.scale`) : []),
    ...(ofColumns
      ? listAt(version, 'additionalPrinterColumns').flatMap((column, index) =>
          columnProblems(column, `${ofColumns}[${index}]`),
        )
      : []),
    ...(fields ? selectableProblems(listAt(version, 'selectableFields'), schema, fields) : []),
  ]
}

const rootFields = new Set(
  'description type format title maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems multipleOf required items properties externalDocs example x-kubernetes-preserve-unknown-fields x-kubernetes-validations'.split(
    ' ',
  ),
)

function schemaProblems(schema: DeclaredSchema, at: string, hasStatus: boolean): FieldProblem[] {
  const { type = '' } = schema
  const foreign = Object.keys(schema).find(field => !rootFields.has(field))
  const only = 'at the root of the schema if the status subresource is enabled'
  return [
    ...(hasStatus && type !== 'object'
      ? [invalidValue(`${at}.type`, type, `only "object" is allowed as the type ${only}`)]
      : []),
    ...(hasStatus && type === 'object' && foreign !== undefined
      ? [
          invalidValue(
            at,
            schema,
            `only [${[...rootFields].map(goName).join(' ')}] fields are allowed ${only}`,
          ),
        ]
      : []),
    ...(schema.nullable ? [forbiddenValue(`${at}.nullable`, 'nullable cannot be true at the root')] : []),
    ...schemaShapeProblems(schema, at),
    ...openApiProblems(schema, at),
  ]
}

const goName = (field: string) =>
  field
    .replace(/^x-kubernetes-/, 'X-')
    .split('-')
    .map(word => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')

function scaleProblems(scale: unknown, at: string): FieldProblem[] {
  if (!isFields(scale)) return []
  const under = (field: string, ...roots: readonly string[]): FieldProblem[] => {
    const path = textAt(scale, field)
    const place = `${at}.${field}`
    if (path === '') return field === 'labelSelectorPath' ? [] : [requiredValue(place)]
    if (!path.startsWith('.'))
      return [invalidValue(place, path, 'must be a simple json path starting with .')]
    const rule = `should be a json path under ${roots.length > 1 ? 'either ' : ''}${roots.join(' or ')}`
    return roots.some(root => path.startsWith(`${root}.`)) ? [] : [invalidValue(place, path, rule)]
  }
  return [
    ...under('specReplicasPath', '.spec'),
    ...under('statusReplicasPath', '.status'),
    ...under('labelSelectorPath', '.spec', '.status'),
  ]
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']

function columnProblems(column: unknown, at: string): FieldProblem[] {
  const [name, type, format, path] = ['name', 'type', 'format', 'jsonPath'].map(field =>
    textAt(column, field),
  )
  const one = (of: readonly string[]) => `must be one of ${of.join(',')}`
  return [
    ...(name ? [] : [requiredValue(`${at}.name`)]),
    ...(type ? [] : [requiredValue(`${at}.type`, one(columnTypes))]),
    ...(type && !columnTypes.includes(type) ? [invalidValue(`${at}.type`, type, one(columnTypes))] : []),
    ...(format && !columnFormats.includes(format)
      ? [invalidValue(`${at}.format`, format, one(columnFormats))]
      : []),
    ...(path ? [] : [requiredValue(`${at}.JSONPath`)]),
    ...(path && !path.startsWith('.')
      ? [invalidValue(`${at}.JSONPath`, path, 'must be a simple json path starting with .')]
      : []),
  ]
}

const mostSelectable = 8

function selectableProblems(
  fields: readonly unknown[],
  schema: DeclaredSchema | undefined,
  at: string,
): FieldProblem[] {
  const paths = fields.map(field => textAt(field, 'jsonPath'))
  const count = new Set(paths).size
  return [
    ...paths.flatMap((path, index) => {
      const place = `${at}[${index}].jsonPath`
      if (path === '') return [requiredValue(place)]
      const steps = path.split('.').slice(1)
      const found = steps.reduce<DeclaredSchema | undefined>((part, step) => part?.properties?.[step], schema)
      if (!path.startsWith('.') || !found) return [invalidValue(place, path, 'is an invalid path')]
      const rule =
        'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.'
      return [
        ...(steps[0] === 'metadata'
          ? [invalidValue(place, path, 'must not point to fields in metadata')]
          : []),
        ...(['string', 'boolean', 'integer'].includes(found.type ?? '')
          ? []
          : [invalidValue(place, path, rule)]),
        ...(paths.indexOf(path) < index ? [duplicateValue(place, path)] : []),
      ]
    }),
    ...(count > mostSelectable
      ? [
          {
            field: at,
            reason: 'FieldValueTooMany' as const,
            message: `Too many: ${count}: must have at most ${mostSelectable} items`,
          },
        ]
      : []),
  ]
}

/** What is wrong with the `deprecationWarning` of a definition's version. */
export function deprecationProblems(version: unknown, at: string): FieldProblem[] {
  const warning = valueAt(version, 'deprecationWarning')
  if (typeof warning !== 'string') return []
  if (valueAt(version, 'deprecated') !== true)
    return [invalidValue(at, warning, 'can only be set for deprecated versions')]
  return [
    ...(warning.length > 256 ? [invalidValue(at, warning, 'must be <= 256 characters long')] : []),
    ...(warning === '' ? [invalidValue(at, warning, 'must not be an empty string')] : []),
  ]
}
