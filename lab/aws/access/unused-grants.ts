import type { LoggedRequest } from '@meridian/lab-world'
import type { Policies } from './policies.ts'

/** The permissions of each policy that no request of its client has needed. */
export function unusedGrants(
  policies: Policies,
  requests: readonly LoggedRequest[],
): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(policies).map(([client, { Statement }]) => {
      const needed = new Set(
        requests.filter(request => request.client === client).flatMap(({ permissions = [] }) => permissions),
      )
      const granted = Statement.flatMap(({ Action }) => Action)
      return [client, [...new Set(granted)].filter(permission => !needed.has(permission)).sort()]
    }),
  )
}
