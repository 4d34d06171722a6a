import { commentOperations } from './comment-operations.ts'
import { deploymentOperations } from './deployment-operations.ts'
import type { Role } from './model.ts'
import type { Operations } from './operation.ts'
import { renderAccount, renderActivity } from './render.ts'

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
