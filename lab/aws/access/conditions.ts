import type { Context } from '@meridian/lab-aws-protocol'
import { matches } from './matches.ts'

type Comparison = (value: string, pattern: string) => boolean

const comparisons: Record<string, Comparison> = {
  StringEquals: (value, pattern) => value === pattern,
  StringLike: (value, pattern) => matches(pattern, value),
  ArnEquals: (value, pattern) => matches(pattern, value),
  ArnLike: (value, pattern) => matches(pattern, value),
}

/**
 * Whether the condition of one operator is met, as IAM evaluates it: all its keys, each by any of its values. A key
 * that the request does not have meets nothing, but `ForAllValues:` and `…IfExists`. Throws on an operator that the lab
 * does not know, which it could judge neither way.
 */
export function holds(
  operator: string,
  keys: Readonly<Record<string, string | readonly string[]>>,
  context: Context,
): boolean {
  const [, every, name = '', ifExists] = /^(ForAllValues:)?(.*?)(IfExists)?$/.exec(operator) ?? []
  const compare = comparisons[name]
  if (!compare) throw new Error(`the lab knows no condition operator ${operator}`)
  return Object.entries(keys).every(([key, wanted]) => {
    const values = context[key]
    if (values === undefined) return every !== undefined || ifExists !== undefined
    const fits = (value: string) => [wanted].flat().some(pattern => compare(value, pattern as string))
    return every === undefined ? values.some(fits) : values.every(fits)
  })
}
