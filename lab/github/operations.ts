import { commentOperations } from './comment-operations.ts'
import { deploymentOperations } from './deployment-operations.ts'
import type { Holdings, Role } from './model.ts'
import type { GithubRequest, OperationName } from './read-request.ts'
import { renderAccount, renderActivity } from './render.ts'

/** A request that may be carried out, and what it is about. */
export type Served = GithubRequest & {
  readonly holdings: Holdings
  readonly url: string
  /** Who asks. */
  readonly author: string
  now(): number
  nextId(): number
}

/** What is answered: an object, a list that is told page by page, or nothing. Throws GithubError. */
export type Operations = Partial<Record<OperationName, (served: Served) => object | undefined>>

/** What roles are called where GitHub knew four of them only. */
const legacy: Record<Role, string> = {
  admin: 'admin',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
}

const repositoryOperations: Operations = {
  'repos/get-collaborator-permission-level': ({ holdings, params, url }) => {
    const login = params.username ?? ''
    const role = holdings.roles.get(login)
    const user = renderAccount(url, login)
    return { permission: role ? legacy[role] : 'none', role_name: role ?? 'none', user }
  },
  'repos/list-activities': ({ holdings, query, url }) => {
    const ref = query.ref?.startsWith('refs/') === false ? `refs/heads/${query.ref}` : query.ref
    const found = holdings.activity.filter(
      each =>
        (ref === undefined || each.ref === ref) &&
        (query.activity_type === undefined || each.type === query.activity_type),
    )
    const ordered = query.direction === 'asc' ? found : found.toReversed()
    return ordered.map(each => renderActivity(url, each))
  },
}

export const served = {
  ...repositoryOperations,
  ...commentOperations,
  ...deploymentOperations,
} as Required<Operations>
