import type { Context, Need } from '@meridian/lab-aws-protocol'
import { holds } from './conditions.ts'
import { matches } from './matches.ts'

export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
export type Statement = {
  Sid: string
  Effect: 'Allow'
  Action: string[]
  Resource: string[]
  Condition?: Condition
}
/** An IAM policy as it stands in a file: only statements that allow, with lists of actions and resources. */
export type Policy = { Version: '2012-10-17'; Statement: Statement[] }

/** Whether a policy allows what is needed, as IAM evaluates one identity policy. */
export function isAllowed(policy: Policy, { permission, resource, tags = {}, context = {} }: Need): boolean {
  const resourceTags = Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, [value]])
  const known: Context = { ...Object.fromEntries(resourceTags), ...context }
  return statementsFor(policy, permission).some(
    ({ Resource, Condition = {} }) =>
      Resource.some(pattern => matches(pattern, resource)) &&
      Object.entries(Condition).every(([operator, keys]) => holds(operator, keys, known)),
  )
}

/** Policies have dozens of statements, and every request is held to one of them. */
const known = new WeakMap<Policy, Map<string, Statement[]>>()

function statementsFor(policy: Policy, permission: string): Statement[] {
  const byPermission = known.get(policy) ?? new Map<string, Statement[]>()
  known.set(policy, byPermission)
  const found =
    byPermission.get(permission) ??
    policy.Statement.filter(({ Action }) => Action.some(pattern => matches(pattern, permission)))
  byPermission.set(permission, found)
  return found
}
