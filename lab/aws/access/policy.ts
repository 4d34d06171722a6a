type Condition = Record<string, Record<string, string | string[]>>
export type Statement = {
  Sid: string
  Effect: 'Allow'
  Action: string[]
  Resource: string[]
  Condition?: Condition
}
/** An IAM policy as it stands in a file: only statements that allow, with lists of actions and resources. */
export type Policy = { Version: '2012-10-17'; Statement: Statement[] }

/** Values of condition keys that a request itself has. */
export type Context = Readonly<Record<string, readonly string[]>>

/** One permission on one resource; `tags` where the resource is known to exist. */
export type Grant = {
  permission: string
  resource: string
  tags?: Readonly<Record<string, string>>
  context?: Context
}

/** Whether a policy allows what is asked, as IAM evaluates one identity policy. */
export function isAllowed(policy: Policy, asked: Grant): boolean {
  return policy.Statement.some(
    ({ Action, Resource, Condition = {} }) =>
      Action.some(pattern => matches(pattern, asked.permission)) &&
      Resource.some(pattern => asked.resource === anyResource || matches(pattern, asked.resource)) &&
      Object.entries(Condition).every(([operator, keys]) => holds(operator, keys, asked)),
  )
}

/** For permissions that belong to a request but are asked about another resource than the request's own. */
export const anyResource = 'any'

const resourceTag = 'aws:ResourceTag/'

// Keys that the lab does not know (which service a role is passed to) it takes for fulfilled.
function holds(operator: string, keys: Record<string, string | string[]>, { tags, context }: Grant): boolean {
  return Object.entries(keys).every(([key, wanted]) => {
    const patterns = [wanted].flat()
    const fits = (value: string) => patterns.some(pattern => matches(pattern, value))
    if (operator === 'ForAllValues:StringEquals') return (context?.[key] ?? []).every(fits)
    if (!key.startsWith(resourceTag)) return true
    const value = tags?.[key.slice(resourceTag.length)]
    return value !== undefined && fits(value)
  })
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}
