import { isIP } from 'node:net'
import { type Fields, fieldsAt, isFields, listAt, textAt } from '@meridian/lab-world/json'
import { isCidr } from '../schema/text-formats.ts'
import { type FieldProblem, forbiddenValue, invalidValue, requiredValue } from '../status-error.ts'
import { labelValueRules, percentRules, portNameRules, qualifiedNameRules } from '../text-rules.ts'
import {
  between,
  each,
  entries,
  isAbsent,
  nonNegative,
  type Rule,
  strictly,
  type TypeRules,
  text,
} from './rule.ts'

export const labelsRule: Rule = entries((key, value, at) => [
  ...qualifiedNameRules(key).map(rule => invalidValue(at, key, rule)),
  ...labelValueRules(String(value)).map(rule => invalidValue(at, value, rule)),
])

export const annotationsRule: Rule = entries((key, _, at) =>
  qualifiedNameRules(key.toLowerCase()).map(rule => invalidValue(at, key, rule)),
)

/** An IP address of either family. */
export const addressRule: Rule = ({ value = '', at }) =>
  isIP(String(value)) > 0
    ? []
    : [invalidValue(at, value, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]

/** A network of either family in CIDR notation. */
export const networkRule: Rule = ({ value = '', at }) =>
  isCidr(String(value))
    ? []
    : [invalidValue(at, value, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')]

const portNumber = between(1, 65_535)
/** The number of a port; none is 0. */
export const portRule: Rule = ({ value = 0, ...site }) => portNumber({ value, ...site })
/** The number of a port, or the name of one. */
export const portOrName: Rule = ({ value = 0, ...site }) =>
  typeof value === 'string' ? strictly(portNameRules)({ value, ...site }) : portNumber({ value, ...site })

/** A path that begins at no root and goes up nowhere; nothing is right, too. */
export const relativePath: Rule = ({ value, at }) => {
  if (typeof value !== 'string' || value === '') return []
  return [
    ...(value.startsWith('/') ? [invalidValue(at, value, 'must be a relative path')] : []),
    ...(value.split('/').includes('..') ? [invalidValue(at, value, "must not contain '..'")] : []),
  ]
}

/** A path within a volume, whose names beginning with `..` are those of the kubelet. */
export const ownPath: Rule = site => {
  const problems = relativePath(site)
  const reserved =
    typeof site.value === 'string' && site.value.startsWith('..') && !site.value.startsWith('../')
  return reserved && site.value !== '..'
    ? [...problems, invalidValue(site.at, site.value, "must not start with '..'")]
    : problems
}

const percentOf = (value: unknown) =>
  typeof value === 'string' && percentRules(value).length === 0 ? Number.parseInt(value, 10) : undefined

/** A count, or a share up to all of it. */
export const countOrPercent: Rule = site => [
  ...(typeof site.value === 'string' ? strictly(percentRules)(site) : nonNegative(site)),
  ...((percentOf(site.value) ?? 0) > 100
    ? [invalidValue(site.at, site.value, 'must not be greater than 100%')]
    : []),
]

/** A count, or a share that may be more than all of it. */
export const countOrAnyPercent: Rule = site =>
  typeof site.value === 'string' ? strictly(percentRules)(site) : nonNegative(site)

/** The number in a count or a share; 0 where it is neither. */
export const amountOf = (value: unknown): number =>
  percentOf(value) ?? (typeof value === 'number' ? value : 0)

/** Whether a selector selects what has these labels. */
function selects(selector: unknown, labels: Fields): boolean {
  return (
    Object.entries(fieldsAt(selector, 'matchLabels')).every(([key, value]) => labels[key] === value) &&
    listAt(selector, 'matchExpressions').every(requirement => meets(requirement, labels))
  )
}

function meets(requirement: unknown, labels: Fields): boolean {
  const value = labels[textAt(requirement, 'key')]
  const values = listAt(requirement, 'values')
  switch (textAt(requirement, 'operator')) {
    case 'In':
      return values.includes(value)
    case 'NotIn':
      return !values.includes(value)
    case 'Exists':
      return value !== undefined
  }
  return value === undefined
}

/**
 * What is said of the selector of a workload after its own fields: it selects something, and the template of its own
 * pods. `unreadable` is how one that cannot be read is told, undefined for kinds that do not tell it.
 */
export const selectorOf =
  (kind: string, unreadable?: string): Rule =>
  ({ value, at, within, found = [] }) => {
    const problems: FieldProblem[] = []
    const isEmpty = !isFields(value) || (noLabels(value) && listAt(value, 'matchExpressions').length === 0)
    if (isFields(value) && isEmpty && kind !== '')
      problems.push(invalidValue(at, inOrder(value), `empty selector is invalid for ${kind}`))
    if (found.some(({ field }) => field.startsWith(`${at}.`))) {
      if (unreadable !== undefined)
        problems.push(invalidValue(at, inOrder(fieldsAt({ value }, 'value')), unreadable))
      return problems
    }
    const labels = fieldsAt(within, 'template', 'metadata').labels
    if (isFields(value) && selects(value, isFields(labels) ? labels : {})) return problems
    const place = at.replace(/selector$/, 'template.metadata.labels')
    return [...problems, invalidValue(place, labels ?? null, '`selector` does not match template `labels`')]
  }

const noLabels = (selector: Fields) => Object.keys(fieldsAt(selector, 'matchLabels')).length === 0

/** A selector as Go writes it. */
function inOrder(selector: Fields): Fields {
  const { matchExpressions } = selector
  const labels = Object.entries(fieldsAt(selector, 'matchLabels')).sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    ...(labels.length > 0 ? { matchLabels: Object.fromEntries(labels) } : {}),
    ...(isAbsent(matchExpressions) ? {} : { matchExpressions }),
  }
}

/** What a requirement says of labels; `orders` are operators that compare with the one value that they have. */
export function requirementRules(...orders: string[]): TypeRules {
  const operators: Rule = ({ value, at }) => {
    const [operator, count] = [textAt(value, 'operator'), listAt(value, 'values').length]
    const here = `${at}.values`
    if (['In', 'NotIn'].includes(operator))
      return count > 0 ? [] : [requiredValue(here, "must be specified when `operator` is 'In' or 'NotIn'")]
    if (['Exists', 'DoesNotExist'].includes(operator))
      return count === 0
        ? []
        : [forbiddenValue(here, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
    if (orders.includes(operator))
      return count === 1
        ? []
        : [requiredValue(here, "must be specified single value when `operator` is 'Lt' or 'Gt'")]
    return [invalidValue(`${at}.operator`, operator, 'not a valid selector operator')]
  }
  return {
    operator: [],
    '': operators,
    key: strictly(qualifiedNameRules),
    values: each(text(labelValueRules)),
  }
}

export const selectorRules: Readonly<Record<string, TypeRules>> = {
  'meta.v1.LabelSelector': { matchLabels: labelsRule },
  'meta.v1.LabelSelectorRequirement': requirementRules(),
}

/** Addresses that no endpoint can have. */
export const reachable: Rule = site => {
  const { value, at } = site
  const problems = addressRule(site)
  if (problems.length > 0) return problems
  const address = String(value)
  const rule = [
    [/^0\.0\.0\.0$|^::$/, `may not be unspecified (${address})`],
    [/^127\.|^::1$/, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
    [/^169\.254\.|^fe[89ab]/i, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
    [/^224\.0\.0\.|^ff.2:/i, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
  ] as const
  const [, broken] = rule.find(([range]) => range.test(address)) ?? []
  return broken ? [invalidValue(at, value, broken)] : []
}
