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

/** One permission on one resource; `tags` where the resource is known to exist. */
export type Grant = { permission: string; resource: string; tags?: Readonly<Record<string, string>> }

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

// The lab knows the tags of what exists. Other keys (which service a role is passed to, the types of records) it does
// not know, and takes for fulfilled.
function holds(operator: string, keys: Record<string, string | string[]>, { tags }: Grant): boolean {
  return Object.entries(keys).every(([key, wanted]) => {
    if (!key.startsWith(resourceTag)) return true
    const value = tags?.[key.slice(resourceTag.length)]
    if (value === undefined) return false
    if (operator !== 'StringLike' && operator !== 'StringEquals') {
      throw new Error(`the lab does not judge the condition ${operator} of ${key}`)
    }
    return [wanted].flat().some(pattern => matches(pattern, value))
  })
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}
