import {
  type FieldProblem,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from '../status-error.ts'
import { type DeclaredSchema, partsOf, restrictionsOf } from './declared-schema.ts'

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']
/** Of which nothing is taken, and what is said of it. */
const unsupported = [
  'id',
  'additionalItems',
  'patternProperties',
  'definitions',
  'dependencies',
  '$ref',
] as const

/** Where a schema stands: its defaults may be forbidden for a reason. */
type Context = { noDefaults?: string; isRoot?: boolean }

/**
 * What the schema of a definition says that OpenAPI has and Kubernetes does not, and what does not fit together
 * (`ValidateCustomResourceDefinitionOpenAPISchema` of apiextensions-apiserver). Rules in CEL are not looked into.
 */
export function openApiProblems(
  schema: DeclaredSchema,
  at: string,
  { noDefaults, isRoot = false }: Context = { isRoot: true },
): FieldProblem[] {
  const inherited = noDefaults === undefined ? {} : { noDefaults }
  const contextOf = (place: string): Context => {
    const [, name = ''] = /\.properties\[(metadata|kind|apiVersion)\]$/.exec(place) ?? []
    return isRoot && name ? { noDefaults: `in top-level ${name}` } : inherited
  }
  return [
    ...standardProblems(schema, at, noDefaults),
    ...(schema.uniqueItems
      ? [
          forbiddenValue(
            `${at}.uniqueItems`,
            'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
          ),
        ]
      : []),
    ...(Object.keys(schema.properties ?? {}).length > 0 && (schema.additionalProperties ?? true) !== true
      ? [
          forbiddenValue(
            `${at}.additionalProperties`,
            'additionalProperties and properties are mutual exclusive',
          ),
        ]
      : []),
    ...partsOf(schema, at).flatMap(([place, part]) => openApiProblems(part, place, contextOf(place))),
    ...restrictionsOf(schema, at).flatMap(([place, part]) => openApiProblems(part, place, inherited)),
    ...(schema['x-kubernetes-preserve-unknown-fields'] === false
      ? [invalidValue(`${at}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined')]
      : []),
    ...mapProblems(schema, at),
    ...listProblems(schema, at),
    ...ruleProblems(schema, at),
  ]
}

function standardProblems(schema: DeclaredSchema, at: string, noDefaults?: string): FieldProblem[] {
  const { type = '' } = schema
  return [
    ...(type && !types.includes(type) ? [unsupportedValue(`${at}.type`, type, types)] : []),
    ...(schema.default !== undefined && noDefaults !== undefined
      ? [forbiddenValue(`${at}.default`, `must not be set ${noDefaults}`)]
      : []),
    ...unsupported
      .filter(name => schema[name])
      .map(name => forbiddenValue(`${at}.${name}`, `${name} is not supported`)),
    ...(type === 'null'
      ? [forbiddenValue(`${at}.type`, 'type cannot be set to null, use nullable as an alternative')]
      : []),
    ...(Array.isArray(schema.items)
      ? [forbiddenValue(`${at}.items`, 'items must be a schema object and not an array')]
      : []),
  ]
}

function wrongType(schema: DeclaredSchema, at: string, wanted: string, word: string): FieldProblem[] {
  if (schema.type === wanted) return []
  const rule = `must be ${wanted} if ${word} is specified`
  return [schema.type ? invalidValue(`${at}.type`, schema.type, rule) : requiredValue(`${at}.type`, rule)]
}

function mapProblems(schema: DeclaredSchema, at: string): FieldProblem[] {
  const word = 'x-kubernetes-map-type'
  const type = schema[word]
  if (type === undefined) return []
  return [
    ...wrongType(schema, at, 'object', word),
    ...(['atomic', 'granular'].includes(type)
      ? []
      : [unsupportedValue(`${at}.${word}`, type, ['atomic', 'granular'])]),
  ]
}

const listWord = 'x-kubernetes-list-type'
const keysWord = 'x-kubernetes-list-map-keys'

function listProblems(schema: DeclaredSchema, at: string): FieldProblem[] {
  const { [listWord]: type, [keysWord]: keys = [], items } = schema
  const mistyped = type === undefined ? [] : wrongType(schema, at, 'array', listWord)
  const ofMap = 'must be map if x-kubernetes-list-map-keys is non-empty'
  return [
    ...mistyped,
    ...(type === 'set' && mistyped.length === 0 ? setProblems(items, at) : []),
    ...(type === undefined || ['atomic', 'set', 'map'].includes(type)
      ? []
      : [unsupportedValue(`${at}.${listWord}`, type, ['atomic', 'set', 'map'])]),
    ...(keys.length > 0 && type === undefined ? [requiredValue(`${at}.${listWord}`, ofMap)] : []),
    ...(keys.length > 0 && type !== undefined && type !== 'map'
      ? [invalidValue(`${at}.${listWord}`, type, ofMap)]
      : []),
    ...(type === 'map' ? keyedProblems(keys, items, at) : []),
    ...(type === 'map' || type === 'set' ? nullProblems(type, keys, items, at) : []),
  ]
}

function setProblems(items: DeclaredSchema | undefined, at: string): FieldProblem[] {
  const rule = 'must be atomic as item of a list with x-kubernetes-list-type=set'
  const list = items?.[listWord]
  if (items?.type === 'array' && list !== undefined && list !== 'atomic')
    return [invalidValue(`${at}.items.${listWord}`, list, rule)]
  if (items?.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic')
    return [invalidValue(`${at}.items.x-kubernetes-map-type`, null, rule)]
  return []
}

function keyedProblems(
  keys: readonly string[],
  items: DeclaredSchema | undefined,
  at: string,
): FieldProblem[] {
  const place = `${at}.${keysWord}`
  const empty =
    keys.length === 0 ? [requiredValue(place, 'must not be empty if x-kubernetes-list-type is map')] : []
  if (!items)
    return [...empty, requiredValue(`${at}.items`, 'must have a schema if x-kubernetes-list-type is map')]
  const parent = "if parent array's x-kubernetes-list-type is map"
  const { properties = {}, type = '' } = items
  return [
    ...empty,
    ...(type === 'object' ? [] : [invalidValue(`${at}.items.type`, type, `must be object ${parent}`)]),
    ...(type === 'object' ? keys : []).flatMap((key, index) => [
      ...(properties[key] ? [] : [invalidValue(place, keys, 'entries must all be names of item properties')]),
      ...(['array', 'object'].includes(properties[key]?.type ?? '')
        ? [invalidValue(`${at}.items.properties[${key}].type`, type, `must be a scalar type ${parent}`)]
        : []),
      ...(keys.indexOf(key) < index ? [invalidValue(place, keys, 'must not contain duplicate entries')] : []),
    ]),
  ]
}

/** Items by which a list is merged, and their keys, are there. */
function nullProblems(
  type: string,
  keys: readonly string[],
  items: DeclaredSchema | undefined,
  at: string,
): FieldProblem[] {
  if (!items) return []
  const { properties = {}, required = [] } = items
  const inKeys = 'this property is in x-kubernetes-list-map-keys, so it'
  return [
    ...(items.nullable
      ? [forbiddenValue(`${at}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${type}`)]
      : []),
    ...keys.flatMap(key => {
      const property = properties[key]
      if (!property || type !== 'map') return []
      const place = `${at}.items.properties[${key}]`
      return [
        ...(required.includes(key) || property.default !== undefined
          ? []
          : [requiredValue(`${place}.default`, `${inKeys} must have a default or be a required property`)]),
        ...(property.nullable ? [forbiddenValue(`${place}.nullable`, `${inKeys} cannot be nullable`)] : []),
      ]
    }),
  ]
}

function ruleProblems(schema: DeclaredSchema, at: string): FieldProblem[] {
  const given = schema['x-kubernetes-validations'] ?? []
  return given.flatMap(({ rule = '', message = '' }, index) => {
    const place = `${at}.x-kubernetes-validations[${index}]`
    if (!rule.trim()) return [requiredValue(`${place}.rule`, 'rule is not specified')]
    if (message && !message.trim())
      return [invalidValue(`${place}.message`, message, 'must be non-empty if specified')]
    if (message.trim().includes('\n'))
      return [invalidValue(`${place}.message`, message, 'must not contain line breaks')]
    return rule.trim().includes('\n') && !message
      ? [requiredValue(`${place}.message`, 'message must be specified if rule contains line breaks')]
      : []
  })
}
