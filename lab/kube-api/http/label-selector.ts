import { fieldsAt, listAt, textAt } from '@meridian/lab-world/json'
import type { KubeObject } from '../objects.ts'
import { badRequest, type StatusError } from '../status-error.ts'
import { labelValueRules, qualifiedNameRules } from '../text-rules.ts'

export type Selects = (object: KubeObject) => boolean

const binary = ['in', 'notin', '=', '==', '!=', '>', '<']
const operatorNames = 'in, notin, =, ==, !=, gt, lt'
// Longest first; what is left over of signs that stand together is a token of its own.
const token = /\s*(==|!=|[=!(),<>]|[^\s=!(),<>]+)/gy

type Reader = { next(): string; peek(): string }

/**
 * A label selector such as `app=web,tier!=db,env in (a,b),!legacy`. Throws 400 on one that cannot be read, in the
 * words of Kubernetes' own parser, which takes `in` and `notin` for values and keys wherever they can be.
 */
export function parseLabelSelector(text: string | null): Selects {
  const tokens = [...(text ?? '').matchAll(token)].map(([, each = '']) => each)
  const reader: Reader = { next: () => tokens.shift() ?? '', peek: () => tokens[0] ?? '' }
  const tests: Selects[] = []
  while (reader.peek() !== '') {
    if (isSign(reader.peek()) && reader.peek() !== '!')
      throw unexpected(reader.peek(), "!, identifier, or 'end of string'")
    tests.push(readRequirement(reader))
    const after = reader.next()
    if (after !== '' && after !== ',') throw unexpected(after, "',' or 'end of string'")
    const more = reader.peek()
    if (after === ',' && (more === '' || (isSign(more) && more !== '!')))
      throw unexpected(more, "identifier after ','")
  }
  return object => tests.every(test => test(object))
}

/** A LabelSelector as it stands in an object: what all of `matchLabels` and `matchExpressions` hold for. */
export function readLabelSelector(selector: unknown): Selects {
  const labels = Object.entries(fieldsAt(selector, 'matchLabels'))
  const tests = [
    ...labels.map(([key, value]) => selectionBy(key, '=', [String(value)])),
    ...listAt(selector, 'matchExpressions').map(expressionTest),
  ]
  return object => tests.every(test => test(object))
}

function expressionTest(expression: unknown): Selects {
  const key = textAt(expression, 'key')
  const operator = textAt(expression, 'operator')
  if (operator === 'Exists') return object => labelOf(object, key) !== undefined
  if (operator === 'DoesNotExist') return object => labelOf(object, key) === undefined
  return selectionBy(key, operator.toLowerCase(), listAt(expression, 'values').map(String))
}

function isSign(text: string): boolean {
  return /^[=!(),<>]/.test(text)
}

function unexpected(found: string, expected: string, comma = ','): StatusError {
  return badRequest(`found '${found}'${comma} expected: ${expected}`)
}

function unreadable(found: string, expected: string, comma = ','): StatusError {
  return badRequest(`unable to parse requirement: found '${found}'${comma} expected: ${expected}`)
}

function readRequirement(reader: Reader): Selects {
  const absent = reader.peek() === '!'
  if (absent) reader.next()
  const key = reader.next()
  if (key === '' || isSign(key)) throw unreadable(key, 'identifier')
  check('<nil>', key, qualifiedNameRules(key))
  const ends = reader.peek() === '' || reader.peek() === ','
  if (absent) return object => labelOf(object, key) === undefined
  if (ends) return object => labelOf(object, key) !== undefined
  const operator = reader.next()
  if (!binary.includes(operator)) throw unreadable(operator, operatorNames)
  const values = operator === 'in' || operator === 'notin' ? readValues(reader) : [readValue(reader)]
  for (const [index, value] of values.entries())
    check(`values[${index}][${key}]`, value, labelValueRules(value))
  return selectionBy(key, operator, values)
}

function selectionBy(key: string, operator: string, values: readonly string[]): Selects {
  const [first = ''] = values
  switch (operator) {
    case '>':
    case '<': {
      if (!/^[-+]?\d+$/.test(first)) {
        const problem = "for 'Gt', 'Lt' operators, the value must be an integer"
        check('values[0]', first, [problem])
      }
      const factor = operator === '>' ? 1 : -1
      return object => factor * (integerOf(labelOf(object, key)) - Number(first)) > 0
    }
    case '!=':
    case 'notin':
      return object => !isAmong(values, labelOf(object, key))
    default:
      return object => isAmong(values, labelOf(object, key))
  }
}

function isAmong(values: readonly string[], label: string | undefined): boolean {
  return label !== undefined && values.includes(label)
}

function integerOf(label = ''): number {
  return /^[-+]?\d+$/.test(label) ? Number(label) : Number.NaN
}

function readValue(reader: Reader): string {
  if (reader.peek() === '' || reader.peek() === ',') return ''
  const value = reader.next()
  if (isSign(value)) throw unreadable(value, 'identifier')
  return value
}

/** The values in parentheses, sorted; nothing between two commas is a value too. */
function readValues(reader: Reader): string[] {
  const open = reader.next()
  if (open !== '(') throw unreadable(open, "'('", '')
  const values = new Set<string>()
  let value = ''
  for (;;) {
    const next = reader.next()
    if (next === ',' || next === ')') {
      values.add(value)
      value = ''
      if (next === ')') return [...values].sort()
    } else if (next === '' || isSign(next)) throw unreadable(next, "',', ')' or identifier")
    else if (value !== '') throw unreadable(next, "',' or ')'")
    else value = next
  }
}

function check(field: string, value: string, rules: readonly string[]): void {
  if (rules.length === 0) return
  const problem = `${field}: Invalid value: ${JSON.stringify(value)}: ${rules.join('; ')}`
  throw badRequest(`unable to parse requirement: ${problem}`)
}

function labelOf(object: KubeObject, key: string): string | undefined {
  return object.metadata.labels?.[key]
}
