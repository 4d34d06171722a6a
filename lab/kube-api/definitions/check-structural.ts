import { sameJson } from '@meridian/lab-world/json'
import { fillDefaults } from '../schema/fill-defaults.ts'
import { pruneObject } from '../schema/prune-fields.ts'
import type { Schema } from '../schema/schema.ts'
import { structuralProblems } from '../schema/validate-structural.ts'
import { type FieldProblem, forbiddenValue, invalidValue, requiredValue } from '../status-error.ts'
import { type DeclaredSchema, partsOf, restrictionsOf } from './declared-schema.ts'

type Level = 'root' | 'item' | 'field'

/**
 * What keeps the schema of a definition from being structural: that it says of every field where it is and of which type,
 * and nothing of that in `allOf`, `anyOf`, `oneOf` and `not` (`pkg/apiserver/schema/validation.go` of
 * apiextensions-apiserver), and what is wrong with its defaults. Sorted by their texts.
 */
export function schemaShapeProblems(schema: DeclaredSchema, at: string): FieldProblem[] {
  const problems = [...invariantProblems(schema, 'root', at), ...missingParts(schema, schema, at, at)]
  const textOf = ({ field, message }: FieldProblem) => `${field}: ${message}`
  if (problems.length > 0) return problems.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
  return defaultProblems(schema, at)
}

const levels: Readonly<Record<Level, string>> = {
  root: 'at the root',
  item: 'for specified array items',
  field: 'for specified object fields',
}

function invariantProblems(schema: DeclaredSchema, level: Level, at: string): FieldProblem[] {
  const below = partsOf(schema, at).flatMap(([place, part]) =>
    invariantProblems(part, place === `${at}.items` ? 'item' : 'field', place),
  )
  return [
    ...(schema.type === 'array' && !schema.items ? [requiredValue(`${at}.items`, 'must be specified')] : []),
    ...below,
    ...(level === 'root' && schema.additionalProperties !== undefined
      ? [forbiddenValue(`${at}.additionalProperties`, 'must not be used at the root')]
      : []),
    ...extensionProblems(schema, at),
    ...restrictionProblems(schema, at),
    ...typeProblems(schema, level, at),
    ...identityProblems(schema, level, at),
  ]
}

function extensionProblems(schema: DeclaredSchema, at: string): FieldProblem[] {
  if (!schema['x-kubernetes-int-or-string']) return []
  return (['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const)
    .filter(name => schema[name])
    .map(name => invalidValue(`${at}.${name}`, true, 'must be false if x-kubernetes-int-or-string is true'))
}

function typeProblems(schema: DeclaredSchema, level: Level, at: string): FieldProblem[] {
  const { type = '', additionalProperties, properties = {} } = schema
  const keepsAll = schema['x-kubernetes-preserve-unknown-fields']
  const embedded = schema['x-kubernetes-embedded-resource']
  const mustBeObject = 'must be object if x-kubernetes-embedded-resource is true'
  const problems: FieldProblem[] = []
  if (embedded && type !== 'object')
    problems.push(
      type ? invalidValue(`${at}.type`, type, mustBeObject) : requiredValue(`${at}.type`, mustBeObject),
    )
  else if (!type && !schema['x-kubernetes-int-or-string'] && !keepsAll)
    problems.push(requiredValue(`${at}.type`, `must not be empty ${levels[level]}`))
  if (embedded && additionalProperties !== undefined)
    problems.push(
      forbiddenValue(
        `${at}.additionalProperties`,
        'must not be used if x-kubernetes-embedded-resource is set',
      ),
    )
  if (level === 'root' && type && type !== 'object')
    problems.push(invalidValue(`${at}.type`, type, 'must be object at the root'))
  if (embedded && !keepsAll && Object.keys(properties).length === 0)
    problems.push(
      requiredValue(
        `${at}.properties`,
        'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      ),
    )
  return problems
}

/** What may be said of `apiVersion`, `kind` and `metadata` of an object. */
function identityProblems(schema: DeclaredSchema, level: Level, at: string): FieldProblem[] {
  const { properties = {} } = schema
  if (level !== 'root' && !schema['x-kubernetes-embedded-resource']) return []
  const mistyped = ['kind', 'apiVersion']
    .filter(name => properties[name] && properties[name].type !== 'string')
    .map(name =>
      invalidValue(`${at}.properties[${name}].type`, properties[name]?.type ?? '', 'must be string'),
    )
  const { metadata } = properties
  if (!metadata) return mistyped
  const place = `${at}.properties[metadata]`
  const { type: _t, default: _d, properties: named = {}, ...more } = metadata
  const restricted = Object.keys(named).some(name => name !== 'name' && name !== 'generateName')
  const { description: _, ...others } = more as DeclaredSchema
  return [
    ...mistyped,
    ...(metadata.type === 'object'
      ? []
      : [invalidValue(`${place}.type`, metadata.type ?? '', 'must be object')]),
    ...(level === 'root' && (restricted || Object.keys(others).length > 0)
      ? [
          forbiddenValue(
            place,
            'must not specify anything other than name and generateName, but metadata is implicitly specified',
          ),
        ]
      : []),
  ]
}

const intOrString = [{ type: 'integer' }, { type: 'string' }]

function restrictionProblems(schema: DeclaredSchema, at: string, isExempt = false): FieldProblem[] {
  const isIntOrString = isExempt || sameJson(schema.anyOf, intOrString)
  return [
    ...restrictionsOf(schema, at).flatMap(([place, part]) => {
      if (isIntOrString && place.startsWith(`${at}.anyOf[`)) return []
      const isFirst = !isExempt && place === `${at}.allOf[0]` && sameJson(part.anyOf, intOrString)
      return nestedProblems(part, place, isFirst)
    }),
    ...patternProblems(schema.pattern, `${at}.pattern`),
  ]
}

function patternProblems(pattern: string | undefined, at: string): FieldProblem[] {
  if (!pattern) return []
  try {
    new RegExp(pattern, 'u')
    return []
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return [invalidValue(at, pattern, `must be a valid regular expression, but isn't: ${why}`)]
  }
}

/** What only the schema itself may say, and the word for it in a restriction of one. */
const ownWords = {
  type: 'empty',
  additionalProperties: 'undefined',
  default: 'undefined',
  title: 'empty',
  description: 'empty',
  nullable: 'false',
  'x-kubernetes-preserve-unknown-fields': 'false',
  'x-kubernetes-embedded-resource': 'false',
  'x-kubernetes-int-or-string': 'false',
  'x-kubernetes-list-map-keys': 'empty',
  'x-kubernetes-list-type': 'undefined',
  'x-kubernetes-map-type': 'undefined',
  'x-kubernetes-validations': 'empty',
} as const

function nestedProblems(schema: DeclaredSchema, at: string, isExempt = false): FieldProblem[] {
  return [
    ...restrictionProblems(schema, at, isExempt),
    ...partsOf(schema, at)
      .filter(([place]) => !place.endsWith('.additionalProperties'))
      .flatMap(([place, part]) => nestedProblems(part, place)),
    ...Object.entries(ownWords)
      .filter(([name]) => schema[name as keyof typeof ownWords])
      .map(([name, word]) => forbiddenValue(`${at}.${name}`, `must be ${word} to be structural`)),
    ...(schema.properties?.metadata
      ? [forbiddenValue(`${at}.properties[metadata]`, 'must not be specified in a nested context')]
      : []),
  ]
}

/** What a restriction speaks of that the schema itself does not have. */
function missingParts(
  restricted: DeclaredSchema,
  schema: DeclaredSchema | undefined,
  at: string,
  from: string,
): FieldProblem[] {
  return restrictionsOf(restricted, from).flatMap(([place, part]) => missingIn(part, schema, at, place))
}

function missingIn(
  part: DeclaredSchema,
  schema: DeclaredSchema | undefined,
  at: string,
  from: string,
): FieldProblem[] {
  if (!schema) return [requiredValue(at, `because it is defined in ${from}`)]
  const open = schema.additionalProperties
  return [
    ...missingParts(part, schema, at, from),
    ...partsOf(part, from).flatMap(([place, below]) => {
      const step = place.slice(from.length)
      const declared = new Map(partsOf(schema, '')).get(step)
      // Names of an open map are restricted there.
      if (!declared && step.startsWith('.properties') && open) return []
      return missingIn(below, declared, `${at}${step}`, place)
    }),
  ]
}

/** What is wrong with the values that stand where nothing is said. */
function defaultProblems(schema: DeclaredSchema, at: string, isRoot = true): FieldProblem[] {
  const own = schema.default
  const place = `${at}.default`
  const below = partsOf(schema, at).filter(([part]) => !part.endsWith('.additionalProperties'))
  return [
    ...(own === undefined || isRoot ? [] : valueProblems(own, schema, place)),
    ...below
      .filter(([part]) => !isRoot || !/\.properties\[(metadata|kind|apiVersion)\]$/.test(part))
      .flatMap(([part, child]) => defaultProblems(child, part, false)),
  ]
}

function valueProblems(value: unknown, schema: Schema, at: string): FieldProblem[] {
  const { unknown } = pruneObject({ value }, { properties: { value: schema } })
  return [
    ...(unknown.length > 0 ? [invalidValue(at, value, 'must not have unknown fields')] : []),
    ...structuralProblems(fillDefaults(value, schema), schema, `.${at}`),
  ]
}
