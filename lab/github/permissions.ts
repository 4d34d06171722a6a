import { GithubError, notFound } from './github-error.ts'
import type { Permissions, Token } from './model.ts'
import type { OperationName } from './read-request.ts'

type Grant = readonly [permission: string, level: 'read' | 'write']

/**
 * The permissions that GitHub's documentation names for each operation: any one of them is enough, and none is needed for
 * what every token of a repository may read.
 */
const needed: Record<OperationName, readonly Grant[]> = {
  'issues/create-comment': [
    ['issues', 'write'],
    ['pull_requests', 'write'],
  ],
  'issues/delete-comment': [
    ['issues', 'write'],
    ['pull_requests', 'write'],
  ],
  'issues/list-comments': [
    ['issues', 'read'],
    ['pull_requests', 'read'],
  ],
  'issues/update-comment': [
    ['issues', 'write'],
    ['pull_requests', 'write'],
  ],
  'pulls/get': [['pull_requests', 'read']],
  'reactions/create-for-issue-comment': [
    ['issues', 'write'],
    ['pull_requests', 'write'],
  ],
  'repos/create-deployment': [['deployments', 'write']],
  'repos/create-deployment-status': [['deployments', 'write']],
  'repos/delete-an-environment': [['administration', 'write']],
  'repos/get-all-environments': [['actions', 'read']],
  'repos/get-collaborator-permission-level': [],
  'repos/list-activities': [['contents', 'read']],
  'repos/list-deployment-statuses': [['deployments', 'read']],
  'repos/list-deployments': [['deployments', 'read']],
}

/** Throws what GitHub answers to a token that may not do it: 404 in another repository, 403 in its own. */
export function admit(operation: OperationName, token: Token | undefined, repository: string): void {
  if (token === undefined) throw new GithubError(401, 'Requires authentication')
  if (token.repository.toLowerCase() !== repository.toLowerCase()) throw notFound()
  const grants = needed[operation]
  if (grants.length === 0 || grants.some(grant => holds(token.permissions, grant))) return
  const accepted = grants.map(([name, level]) => `${name}=${level}`).join('; ')
  throw new GithubError(403, 'Resource not accessible by integration', {
    headers: { 'x-accepted-github-permissions': accepted },
  })
}

// A workflow writes `pull-requests`, the API calls it `pull_requests`.
function holds(permissions: Permissions, [name, level]: Grant): boolean {
  const held = permissions[name] ?? permissions[name.replaceAll('_', '-')]
  return held === 'write' || (held === 'read' && level === 'read')
}
