import type { State } from './inputs.ts'
import { type OwnComment, type SeenDeployment, task } from './read-github.ts'

/** What the deployment of an environment is to say. */
export type WantedStatus = {
  readonly state: 'in_progress' | 'success' | 'failure' | 'inactive'
  readonly description: string
  readonly url: string
}

export type Write =
  | { readonly kind: 'create-comment'; readonly body: string }
  | { readonly kind: 'update-comment'; readonly id: number; readonly body: string }
  /** One of two that were written at the same time. */
  | { readonly kind: 'delete-comment'; readonly id: number }
  | { readonly kind: 'create-deployment'; readonly sha: string; readonly status: WantedStatus }
  | { readonly kind: 'set-status'; readonly id: number; readonly sha: string; readonly status: WantedStatus }

export type Wanted = {
  readonly state: State
  readonly body: string
  /** Undefined where there is to be no deployment of it. */
  readonly commit: string | undefined
  readonly url: string
}

export type Seen = {
  readonly comments: readonly OwnComment[]
  readonly deployments: readonly SeenDeployment[]
}

/** What is to be written so that comment and deployment say the state; nothing where they do. Pure. */
export function planReport(wanted: Wanted, seen: Seen): Write[] {
  return [...planComment(wanted.body, seen.comments), ...planDeployments(wanted, seen.deployments)]
}

function planComment(body: string, [first, ...more]: readonly OwnComment[]): Write[] {
  if (first === undefined) return [{ kind: 'create-comment', body }]
  const update: Write[] = first.body === body ? [] : [{ kind: 'update-comment', id: first.id, body }]
  return [...update, ...more.map(({ id }): Write => ({ kind: 'delete-comment', id }))]
}

const statuses: Record<State, Pick<WantedStatus, 'state' | 'description'> | undefined> = {
  building: { state: 'in_progress', description: 'The environment is being built.' },
  updating: { state: 'in_progress', description: 'The environment is being updated.' },
  ready: { state: 'success', description: 'The environment is ready.' },
  failed: { state: 'failure', description: 'The environment could not be made.' },
  removing: { state: 'inactive', description: 'The environment is being removed.' },
  stuck: { state: 'inactive', description: 'The environment could not be removed whole.' },
  gone: { state: 'inactive', description: 'The environment is removed.' },
  // Nothing was made.
  refused: undefined,
}

/**
 * GitHub leaves earlier deployments to what is transient as they are: each is ended here, the oldest first, and only the newest is
 * brought up to date. So whatever a run gets to, none is alive that is older than one that has ended.
 */
function planDeployments({ state, commit, url }: Wanted, seen: readonly SeenDeployment[]): Write[] {
  const status = statuses[state]
  if (status === undefined) return []
  const ours = seen.filter(each => each.task === task)
  const alive = ours.filter(each => each.state !== 'inactive')
  if (status.state === 'inactive' || commit === undefined)
    return alive.map(each => end(each, status.description)).toReversed()
  const current = alive[0]?.sha === commit ? alive[0] : undefined
  const wanted: WantedStatus = { ...status, url: state === 'ready' ? url : '' }
  // What was served before is served until the new one is.
  const others = alive.filter(each => each !== current && state !== 'updating')
  return [
    ...others.map(each => end(each, 'Another commit is deployed.')).toReversed(),
    ...(current === undefined ? [{ kind: 'create-deployment' as const, sha: commit, status: wanted }] : []),
    ...(current !== undefined && !says(current, wanted)
      ? [{ kind: 'set-status' as const, id: current.id, sha: commit, status: wanted }]
      : []),
  ]
}

const end = ({ id, sha }: SeenDeployment, description: string): Write => ({
  kind: 'set-status',
  id,
  sha,
  status: { state: 'inactive', description, url: '' },
})

const says = (seen: SeenDeployment, wanted: WantedStatus) =>
  seen.state === wanted.state && seen.description === wanted.description && seen.url === wanted.url

/**
 * Whether GitHub's environment object may go: it is there, nobody has made rules for it, and nobody else deploys to it.
 * `author` is whose deployments are ours. Pure.
 */
export function mayDelete(
  name: string,
  environments: readonly { readonly name: string; readonly hasRules: boolean }[],
  deployments: readonly SeenDeployment[],
  author: string,
): boolean {
  const found = environments.find(each => each.name === name)
  if (found === undefined || found.hasRules || deployments.length === 0) return false
  return deployments.every(each => each.task === task && each.author === author)
}

/** One line for each write. */
export function describeWrite(write: Write): string {
  switch (write.kind) {
    case 'create-comment':
      return 'write a comment'
    case 'update-comment':
      return `bring comment ${write.id} up to date`
    case 'delete-comment':
      return `delete comment ${write.id}, which says the same a second time`
    case 'create-deployment':
      return `make a deployment of ${write.sha.slice(0, 7)}: ${write.status.state}`
    case 'set-status':
      return `set deployment ${write.id} of ${write.sha.slice(0, 7)} to ${write.status.state}`
  }
}
