import { type Fields, isFields, sameJson } from '@meridian/lab-world/json'
import {
  duplicateValue,
  type FieldProblem,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from '../status-error.ts'
import type { TextRule } from '../text-rules.ts'

/** A value that is looked at: where it stands, what it is a field of, and the object that all of it is in. */
type Site = {
  value: unknown
  at: string
  within: Fields
  object: Fields
  /** What has been found before. */
  found?: readonly FieldProblem[]
}
/** What is wrong with a value, in the words of Kubernetes' own validation. */
export type Rule = (site: Site) => FieldProblem[]
/**
 * The rules of the fields of a type, in the order in which they are told: `''` is for the whole, `selector+` for what
 * is said of `selector` after its own fields. A field with rules answers for itself what its schema says of required
 * values and of those it may have.
 */
export type TypeRules = Readonly<Record<string, Rule | readonly Rule[]>>

/** What a rule finds in a value of its own. */
export const problemsBy = (rule: Rule, value: unknown, at: string): FieldProblem[] =>
  rule({ value, at, within: {}, object: {} })

/** The items of a list; none of what is no list. */
export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** The fields of an object; none of what is no object. */
export const partsOf = (value: unknown): Fields => (isFields(value) ? value : {})

/** The largest number of 32 bits. */
export const mostNumber = 2_147_483_647

/** Whether there is nothing, in any of the ways in which JSON and Go's zero values say so. */
export const isAbsent = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** Something is there; `rule` is what its absence is told with. */
export const required =
  (rule = ''): Rule =>
  ({ value, at }) =>
    isAbsent(value) ? [requiredValue(at, rule)] : []

/** A text that is there follows a rule. */
export const text =
  (rule: TextRule): Rule =>
  ({ value, at }) =>
    typeof value === 'string' && value !== '' ? rule(value).map(each => invalidValue(at, value, each)) : []

/** A text that is there follows a rule, even when it is empty. */
export const given =
  (rule: TextRule): Rule =>
  ({ value, at }) =>
    typeof value === 'string' ? rule(value).map(each => invalidValue(at, value, each)) : []

/** A text is there, and follows a rule. */
export const named =
  (rule: TextRule): Rule =>
  site =>
    isAbsent(site.value) ? [requiredValue(site.at)] : text(rule)(site)

/** A text follows a rule even when it is empty. */
export const strictly =
  (rule: TextRule): Rule =>
  ({ value = '', at }) =>
    rule(String(value)).map(each => invalidValue(at, value, each))

const limited =
  (fits: (value: number) => boolean, rule: string): Rule =>
  ({ value, at }) =>
    typeof value === 'number' && !fits(value) ? [invalidValue(at, value, rule)] : []

export const nonNegative = limited(value => value >= 0, 'must be greater than or equal to 0')
export const positive = limited(value => value > 0, 'must be greater than zero')
/** A number that nobody has given is 0. */
export const counted =
  (rule: Rule): Rule =>
  ({ value = 0, ...site }) =>
    rule({ value, ...site })

/** A number within limits, which are told. */
export const between = (least: number, most: number): Rule =>
  limited(value => value >= least && value <= most, `must be between ${least} and ${most}, inclusive`)

/** A number within limits, of which `rule` is told. */
export const outside = (least: number, most: number, rule: string): Rule =>
  limited(value => value >= least && value <= most, rule)

/** One of these, told in this order; nothing is right, too, but no empty text. */
export const oneOf =
  (...allowed: readonly unknown[]): Rule =>
  ({ value, at }) =>
    value === undefined || allowed.includes(value) ? [] : [unsupportedValue(at, value, allowed)]

/** One of these; nothing is none of them. */
export const exactlyOneOf =
  (...allowed: readonly unknown[]): Rule =>
  ({ value = '', at }) =>
    allowed.includes(value) ? [] : [unsupportedValue(at, value, allowed)]

/** One of these; nothing is told as missing. */
export const requiredOneOf =
  (rule: string, ...allowed: readonly unknown[]): Rule =>
  site =>
    isAbsent(site.value) ? required(rule)(site) : oneOf(...allowed)(site)

/** Of a field whose inside is nobody's business. */
export const opaque: readonly Rule[] = []

/** Each item of a list follows a rule. */
export const each =
  (rule: Rule): Rule =>
  ({ value, at, object, within }) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => rule({ value: item, at: `${at}[${index}]`, within, object }))
      : []

/** Each entry of a map: its key and its value. */
export const entries =
  (rule: (key: string, value: unknown, at: string) => FieldProblem[]): Rule =>
  ({ value, at }) =>
    isFields(value)
      ? Object.keys(value)
          .sort()
          .flatMap(key => rule(key, value[key], at))
      : []

/** No two items of a list have the same in a field. */
export const distinct =
  (field: string): Rule =>
  ({ value, at }) => {
    const seen: unknown[] = []
    return itemsOf(value).flatMap((item, index) => {
      const own = isFields(item) ? item[field] : undefined
      if (isAbsent(own)) return []
      if (seen.includes(own)) return [duplicateValue(`${at}[${index}].${field}`, own)]
      seen.push(own)
      return []
    })
  }

/** No two items of a list are the same. */
export const unique: Rule = ({ value, at }) =>
  itemsOf(value).flatMap((item, index, all) =>
    all.indexOf(item) < index ? [duplicateValue(`${at}[${index}]`, item)] : [],
  )

/** No more than one of the fields of a type is set, as one of many kinds of volume. */
export const noMoreThanOneOf =
  (fields: readonly string[], rule: string): Rule =>
  ({ value, at }) => {
    if (!isFields(value)) return []
    const [, ...more] = fields.filter(field => value[field] !== undefined)
    return more.map(field => forbiddenValue(`${at}.${field}`, rule))
  }

/** What an update may not change. */
type Change = { next: Fields; live: Fields }
export type UpdateRule = (change: Change) => FieldProblem[]

/** A field that keeps the value it was made with. */
export function immutable(...path: readonly string[]): UpdateRule {
  return ({ next, live }) => {
    const [now, before] = [next, live].map(object =>
      path.reduce<unknown>((value, step) => (isFields(value) ? value[step] : undefined), object),
    )
    return sameJson(now, before) ? [] : [invalidValue(path.join('.'), now, 'field is immutable')]
  }
}
