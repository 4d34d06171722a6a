import { createHash } from 'node:crypto'
import type { GithubEvent, Holdings, Pull, Role } from './model.ts'
import { renderAccount, renderComment, renderPull, renderRepository } from './render.ts'

export type NewPull = {
  readonly branch?: string
  readonly author?: string
  readonly title?: string
  readonly body?: string
  readonly draft?: boolean
  readonly labels?: readonly string[]
  /** The repository that the branch is in; this one by default. */
  readonly from?: string
}

/** A repository, in the hands of the people who work on it. What they do starts workflows, as on GitHub. */
export type GithubRepository = {
  readonly holdings: Holdings
  addCollaborator(login: string, role: Role): void
  openPull(pull?: NewPull): number
  /** A commit more on the branch, or other commits in their place; returns the new head. */
  push(number: number, options?: { force?: boolean; author?: string }): string
  close(number: number, options?: { merged?: boolean }): void
  reopen(number: number): void
  label(number: number, label: string): void
  unlabel(number: number, label: string): void
  convertToDraft(number: number): void
  markReady(number: number): void
  lock(number: number): void
  /** Whether it has conflicts with its base: GitHub starts no workflow for such a pull request. */
  setConflicts(number: number, conflicts: boolean): void
  comment(number: number, body: string, author?: string): number
  pull(number: number): Pull
  /** Comments of a pull request, the oldest first. */
  commentsOf(number: number): { readonly id: number; readonly author: string; readonly body: string }[]
}

export type Home = {
  readonly holdings: Holdings
  nextId(): number
  /** Milliseconds since the epoch. */
  now(): number
  /** Tells whoever starts workflows. */
  tell(event: GithubEvent): void
  url: string
}

const dependabot = 'dependabot[bot]'

/** A repository as the people see it who work on it; what they do is kept in `home` and told as events. */
export function createRepository(home: Home): GithubRepository {
  const { holdings, now, nextId } = home
  const find = (number: number): Pull => {
    const pull = holdings.pulls.find(each => each.number === number)
    if (!pull) throw new Error(`${holdings.name} has no pull request ${number}`)
    return pull
  }
  const change = (
    number: number,
    action: string,
    by: string | undefined,
    edit: (pull: Pull) => object | undefined,
  ) => {
    const pull = find(number)
    const more = edit(pull) ?? {}
    pull.updatedAt = now()
    tellPull(home, pull, action, by ?? pull.author, more)
  }
  return {
    holdings,
    addCollaborator: (login, role) => void holdings.roles.set(login, role),
    openPull: given => openPull(home, given ?? {}),
    push(number, { force = false, author } = {}) {
      const pull = find(number)
      const [before, after] = [pull.head, newCommit(holdings, nextId())]
      pull.head = after
      recordPush(home, pull, { before, type: force ? 'force_push' : 'push', actor: author ?? pull.author })
      if (pull.state === 'open') change(number, 'synchronize', author, () => ({ before, after }))
      return after
    },
    close: (number, { merged = false } = {}) =>
      change(
        number,
        'closed',
        undefined,
        pull => void Object.assign(pull, { state: 'closed', merged, closedAt: now() }),
      ),
    reopen: number =>
      change(
        number,
        'reopened',
        undefined,
        pull => void Object.assign(pull, { state: 'open', closedAt: null }),
      ),
    label: (number, name) =>
      change(number, 'labeled', 'ann', pull => {
        if (!pull.labels.includes(name)) pull.labels.push(name)
        return { label: { name } }
      }),
    unlabel: (number, name) =>
      change(number, 'unlabeled', 'ann', pull => {
        pull.labels = pull.labels.filter(each => each !== name)
        return { label: { name } }
      }),
    convertToDraft: number =>
      change(number, 'converted_to_draft', undefined, pull => void Object.assign(pull, { draft: true })),
    markReady: number =>
      change(number, 'ready_for_review', undefined, pull => void Object.assign(pull, { draft: false })),
    lock: number => void Object.assign(find(number), { locked: true }),
    setConflicts: (number, conflicts) => void Object.assign(find(number), { mergeable: !conflicts }),
    comment: (number, body, author = find(number).author) => comment(home, find(number), body, author),
    pull: find,
    commentsOf: number => holdings.comments.filter(each => each.number === number),
  }
}

function openPull(home: Home, given: NewPull): number {
  const { holdings, now, nextId } = home
  const number = holdings.pulls.length + 1
  const { author = 'ann', branch = `change-${number}`, from = holdings.name } = given
  const pull: Pull = {
    number,
    id: nextId(),
    author,
    branch,
    headRepository: from,
    title: given.title ?? `Change ${number}`,
    body: given.body ?? '',
    head: newCommit(holdings, nextId()),
    state: 'open',
    merged: false,
    draft: given.draft ?? false,
    locked: false,
    labels: [...(given.labels ?? [])],
    mergeable: true,
    createdAt: now(),
    updatedAt: now(),
    closedAt: null,
  }
  holdings.pulls.push(pull)
  recordPush(home, pull, { before: '0'.repeat(40), type: 'branch_creation', actor: author })
  tellPull(home, pull, 'opened', author, {})
  for (const name of pull.labels) tellPull(home, pull, 'labeled', author, { label: { name } })
  return number
}

/** What happens in a fork is no activity of the repository. */
function recordPush(
  { holdings, now, nextId }: Home,
  pull: Pull,
  push: Pick<Holdings['activity'][number], 'before' | 'type' | 'actor'>,
): void {
  if (pull.headRepository !== holdings.name) return
  holdings.branches.set(pull.branch, pull.head)
  const ref = `refs/heads/${pull.branch}`
  holdings.activity.push({ id: nextId(), ref, after: pull.head, at: now(), ...push })
}

function tellPull(home: Home, pull: Pull, action: string, actor: string, more: object): void {
  // A pull request with conflicts has no merge commit to run on.
  if (pull.mergeable === false) return
  const { holdings, url } = home
  const isFork = pull.headRepository !== holdings.name
  home.tell({
    name: 'pull_request',
    repository: holdings.name,
    repositoryId: holdings.id,
    actor,
    ref: pull.merged ? 'refs/heads/main' : `refs/pull/${pull.number}/merge`,
    sha: mergeCommit(pull),
    rights: isFork ? 'fork' : actor === dependabot ? 'no-secrets' : 'full',
    payload: {
      action,
      number: pull.number,
      pull_request: renderPull(url, holdings, pull),
      repository: renderRepository(url, holdings),
      sender: renderAccount(url, actor),
      ...more,
    },
  })
}

function comment(home: Home, pull: Pull, body: string, author: string): number {
  const { holdings, url } = home
  const id = home.nextId()
  const [createdAt, updatedAt] = [home.now(), home.now()]
  const written = { id, number: pull.number, author, body, createdAt, updatedAt }
  holdings.comments.push(written)
  const pullUrl = `${url}/repos/${holdings.name}/pulls/${pull.number}`
  home.tell({
    name: 'issue_comment',
    repository: holdings.name,
    repositoryId: holdings.id,
    actor: author,
    ref: 'refs/heads/main',
    sha: holdings.branches.get('main') ?? '',
    rights: 'full',
    payload: {
      action: 'created',
      issue: {
        number: pull.number,
        state: pull.state,
        title: pull.title,
        user: renderAccount(url, pull.author),
        pull_request: { url: pullUrl },
      },
      comment: renderComment(url, holdings, written),
      repository: renderRepository(url, holdings),
      sender: renderAccount(url, author),
    },
  })
  return id
}

const hash = (text: string) => createHash('sha1').update(text).digest('hex')
const newCommit = ({ name }: Holdings, count: number) => hash(`${name} ${count}`)
/** The commit that GitHub makes of a pull request and its base; once merged, the one on the base. */
const mergeCommit = ({ head }: Pull) => hash(`merge ${head}`)
