import type * as z from 'zod/mini'

type RawIssue = z.core.$ZodRawIssue

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of fields',
  record: 'a map',
  null: 'null',
}

/** What is wrong with a value, to stand behind its place: `must be a list, not text`. */
export function describeValue(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined)
        return `is missing: it must be ${kinds[issue.expected] ?? issue.expected}`
      return `must be ${kinds[issue.expected] ?? issue.expected}${withFields(issue)}, not ${kindOf(issue.input)}`
    case 'unrecognized_keys':
      return `has no field ${issue.keys.map(key => `'${key}'`).join(', ')}${allowed(issue)}`
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return describeBound(issue.origin, 'at least', issue.minimum)
    case 'too_big':
      return describeBound(issue.origin, 'at most', issue.maximum)
    case 'invalid_key':
      return `must not have the key '${String(issue.path?.at(-1) ?? '')}'`
    case 'invalid_union':
      return `must be ${[...new Set(issue.errors.flatMap(expectedOf))].join(' or ') || 'of another kind'}`
    default:
      return 'is not of the form that is needed here'
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'number') return Number.isInteger(value) ? `the number ${value}` : 'a number'
  return kinds[typeof value] ?? typeof value
}

function allowed(issue: RawIssue): string {
  const names = fieldsOf(issue)
  return names.length === 0 ? '' : `, only ${names.join(', ')}`
}

function withFields(issue: RawIssue): string {
  const names = fieldsOf(issue)
  return names.length === 0 ? '' : ` (${names.join(', ')})`
}

/** The fields that a schema of an object has. */
function fieldsOf(issue: RawIssue): string[] {
  const { shape = {} } = (issue.inst?._zod.def ?? {}) as { shape?: Record<string, unknown> }
  return Object.keys(shape)
}

function describeBound(origin: string, bound: string, count: number | bigint): string {
  if (origin === 'array') return `must have ${bound} ${count} ${count === 1 ? 'entry' : 'entries'}`
  if (origin === 'string') return `must have ${bound} ${count} ${count === 1 ? 'character' : 'characters'}`
  return `must be ${bound} ${count}`
}

function expectedOf(issues: readonly z.core.$ZodIssue[]): string[] {
  return issues.flatMap(issue => {
    if (issue.path.length > 0) return []
    return issue.code === 'invalid_type' ? [kinds[issue.expected] ?? issue.expected] : []
  })
}
