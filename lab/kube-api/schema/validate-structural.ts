import { type Fields, isFields, sameJson } from '@meridian/lab-world/json'
import { type FieldProblem, invalidValue, requiredValue } from '../status-error.ts'
import type { Schema } from './schema.ts'
import { textFormats } from './text-formats.ts'

/** What breaks the schema of a custom resource, in the words of Kubernetes' validator, outer fields before inner ones. */
export function structuralProblems(value: unknown, schema: Schema, at = ''): FieldProblem[] {
  const mistyped = typeProblem(value, schema, at)
  if (mistyped) return [mistyped]
  if (value === null || value === undefined) return enumProblems(value, schema, at)
  return [
    ...compositeProblems(value, schema, at),
    ...(typeof value === 'string' ? textProblems(value, schema, at) : []),
    ...(typeof value === 'number' ? numberProblems(value, schema, at) : []),
    ...(Array.isArray(value) ? listProblems(value, schema, at) : []),
    ...enumProblems(value, schema, at),
    ...(isFields(value) ? mapProblems(value, schema, at) : []),
  ]
}

const shown = (at: string) => at.replace(/^\./, '')

function broken(at: string, value: unknown, rule: string): FieldProblem {
  return invalidValue(shown(at), value, `${shown(at)} in body ${rule}`)
}

function typeProblem(value: unknown, schema: Schema, at: string): FieldProblem | undefined {
  const wanted = schema['x-kubernetes-int-or-string']
    ? ['integer', 'string']
    : schema.type
      ? [schema.type]
      : []
  if (wanted.length === 0 || (value === null && schema.nullable)) return undefined
  const found = typeOf(value)
  if (wanted.includes(found) || (found === 'integer' && wanted.includes('number'))) return undefined
  const rule = `must be of type ${wanted.join(',')}: ${JSON.stringify(found)}`
  return { ...broken(at, found, rule), reason: 'FieldValueTypeInvalid' }
}

/** The JSON type of a value; whole numbers that no 64 bits hold are none. */
function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? 'integer' : 'number'
  return typeof value
}

function textProblems(text: string, schema: Schema, at: string): FieldProblem[] {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, format = '' } = schema
  const { length } = [...text]
  const fits = textFormats[format] ?? (() => true)
  return [
    ...(length > maxLength ? [tooLong(at, maxLength)] : []),
    ...(length < minLength ? [broken(at, text, `should be at least ${minLength} chars long`)] : []),
    ...(pattern !== undefined && !new RegExp(pattern, 'u').test(text)
      ? [broken(at, text, `should match '${pattern}'`)]
      : []),
    ...(fits(text)
      ? []
      : [
          {
            ...broken(at, text, `must be of type ${format}: ${JSON.stringify(text)}`),
            reason: 'FieldValueTypeInvalid' as const,
          },
        ]),
  ]
}

function tooLong(at: string, most: number): FieldProblem {
  const bytes = most === 1 ? 'byte' : 'bytes'
  return {
    field: shown(at),
    reason: 'FieldValueTooLong',
    message: `Too long: may not be more than ${most} ${bytes}`,
  }
}

function tooMany(at: string, count: number, most: number): FieldProblem {
  const items = most === 1 ? 'item' : 'items'
  return {
    field: shown(at),
    reason: 'FieldValueTooMany',
    message: `Too many: ${count}: must have at most ${most} ${items}`,
  }
}

function numberProblems(value: number, schema: Schema, at: string): FieldProblem[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  return [
    ...(multipleOf !== undefined && !Number.isInteger(value / multipleOf)
      ? [broken(at, value, `should be a multiple of ${multipleOf}`)]
      : []),
    ...(maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)
      ? [broken(at, value, `should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`)]
      : []),
    ...(minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)
      ? [broken(at, value, `should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`)]
      : []),
  ]
}

function listProblems(items: readonly unknown[], schema: Schema, at: string): FieldProblem[] {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, uniqueItems } = schema
  const twice = items.some((item, index) => items.slice(0, index).some(other => sameJson(item, other)))
  return [
    ...items.flatMap((item, index) => structuralProblems(item, schema.items ?? {}, `${at}[${index}]`)),
    ...(items.length < minItems ? [broken(at, items.length, `should have at least ${minItems} items`)] : []),
    ...(items.length > maxItems ? [tooMany(at, items.length, maxItems)] : []),
    ...(uniqueItems && twice ? [broken(at, '', "shouldn't contain duplicates")] : []),
  ]
}

function mapProblems(value: Fields, schema: Schema, at: string): FieldProblem[] {
  const { properties = {}, additionalProperties: values, required = [] } = schema
  const { minProperties = 0, maxProperties = Number.POSITIVE_INFINITY } = schema
  const names = Object.keys(value).sort()
  return [
    ...(names.length < minProperties
      ? [broken(at, names.length, `should have at least ${minProperties} properties`)]
      : []),
    ...(names.length > maxProperties ? [tooMany(at, names.length, maxProperties)] : []),
    ...names.flatMap(name => {
      const below = properties[name] ?? (typeof values === 'object' ? values : undefined)
      return below ? structuralProblems(value[name], below, `${at}.${name}`) : []
    }),
    ...required.filter(name => value[name] === undefined).map(name => requiredValue(shown(`${at}.${name}`))),
  ]
}

function enumProblems(value: unknown, schema: Schema, at: string): FieldProblem[] {
  const { enum: allowed } = schema
  if (!allowed || (value === null && schema.nullable) || allowed.some(each => sameJson(each, value)))
    return []
  const list = allowed.map(each => JSON.stringify(typeof each === 'string' ? each : JSON.stringify(each)))
  const message = `Unsupported value: ${JSON.stringify(value ?? null)}: supported values: ${list.join(', ')}`
  return [{ field: shown(at), reason: 'FieldValueNotSupported', message }]
}

function compositeProblems(value: unknown, schema: Schema, at: string): FieldProblem[] {
  const { allOf = [], anyOf = [], oneOf = [], not } = schema
  const tried = (each: Schema) => structuralProblems(value, each, at)
  const [inAny, inOne, inAll] = [anyOf.map(tried), oneOf.map(tried), allOf.map(tried)]
  const valid = inOne.filter(problems => problems.length === 0).length
  const names = JSON.stringify(shown(at))
  const failed = (rule: string) => invalidValue(shown(at) || '<nil>', '', `${names} ${rule}`)
  return [
    ...(anyOf.length > 0 && inAny.every(problems => problems.length > 0)
      ? [failed('must validate at least one schema (anyOf)'), ...(inAny[0] ?? [])]
      : []),
    ...(oneOf.length > 0 && valid !== 1
      ? [
          failed(
            `must validate one and only one schema (oneOf). Found ${valid === 0 ? 'none valid' : `${valid} valid alternatives`}`,
          ),
          ...(valid === 0 ? (inOne[0] ?? []) : []),
        ]
      : []),
    ...inAll.flat(),
    ...(inAll.some(problems => problems.length > 0)
      ? [
          failed(
            `must validate all the schemas (allOf)${inAll.every(each => each.length > 0) ? '. None validated' : ''}`,
          ),
        ]
      : []),
    ...(not && tried(not).length === 0 ? [failed('must not validate the schema (not)')] : []),
  ]
}
