import type { Octokit, Repo } from './connect.ts'
import { type Marker, readMarker } from './marker.ts'

/** A pull request as this action needs it. What its author has written is not in it. */
export type PullRequest = {
  readonly number: number
  readonly state: 'open' | 'closed'
  readonly isDraft: boolean
  readonly labels: readonly string[]
  readonly head: string
  readonly branch: string
  readonly isFork: boolean
  readonly author: string
}

/** A comment of ours. */
export type OwnComment = {
  readonly id: number
  readonly url: string
  readonly body: string
  readonly marker: Marker
}

/** A deployment to the environment; `task` tells ours from those of others. */
export type SeenDeployment = {
  readonly id: number
  readonly sha: string
  readonly task: string
  readonly author: string
  readonly environment: string
  /** Of its latest status; undefined before its first. */
  readonly state: string | undefined
  readonly description: string
  readonly url: string
  /** Of its latest status, or its own; milliseconds since the epoch. */
  readonly at: number
}

/** What our deployments are called, so that nobody's else are taken for them. */
export const task = 'deploy:meridian'

const perPage = 100

/** Reads a pull request, as far as the report needs it. */
export async function readPull(octokit: Octokit, repo: Repo, number: number): Promise<PullRequest> {
  const { data } = await octokit.rest.pulls.get({ ...repo, pull_number: number })
  return {
    number: data.number,
    state: data.state === 'closed' ? 'closed' : 'open',
    isDraft: data.draft === true,
    labels: data.labels.map(({ name }) => name),
    head: data.head.sha,
    branch: data.head.ref,
    // A fork that was deleted has left a null.
    isFork: (data.head.repo as { id: number } | null)?.id !== data.base.repo.id,
    author: data.user.login,
  }
}

/** The comments of a pull request that say they are about the environment and that `author` has written, the oldest first. */
export async function readComments(
  octokit: Octokit,
  repo: Repo,
  { number, root, author }: { number: number; root: string; author: string },
): Promise<OwnComment[]> {
  const all = await octokit.paginate(octokit.rest.issues.listComments, {
    ...repo,
    issue_number: number,
    per_page: perPage,
  })
  return all.flatMap(({ id, html_url: url, body = '', user }) => {
    const marker = user?.login === author ? readMarker(body) : undefined
    return marker?.root === root ? [{ id, url, body, marker }] : []
  })
}

/** Deployments to an environment, the newest first. */
export async function readDeployments(
  octokit: Octokit,
  repo: Repo,
  environment: string,
): Promise<SeenDeployment[]> {
  const asked = { ...repo, environment, per_page: perPage }
  return withStates(octokit, repo, await octokit.paginate(octokit.rest.repos.listDeployments, asked))
}

/** The latest hundred deployments of ours, the newest first, to whichever environment; of `known` ones without state. */
export async function readLatestDeployments(
  octokit: Octokit,
  repo: Repo,
  known: ReadonlySet<string>,
): Promise<SeenDeployment[]> {
  const { data } = await octokit.rest.repos.listDeployments({ ...repo, task, per_page: perPage })
  return withStates(octokit, repo, data, known)
}

type Deployment = Awaited<ReturnType<Octokit['rest']['repos']['listDeployments']>>['data'][number]

/**
 * Ours have their latest status, which takes a request each: what is older than one that has ended has ended too, since every
 * run ends the oldest first, and what goes to `known` environments is not asked for its own.
 */
async function withStates(
  octokit: Octokit,
  repo: Repo,
  found: readonly Deployment[],
  known: ReadonlySet<string> = new Set(),
): Promise<SeenDeployment[]> {
  const seen: SeenDeployment[] = []
  const ended = new Set<string>()
  // One after the other: GitHub counts requests at the same time against its secondary limits.
  for (const each of found) {
    const isAsked = each.task === task && !ended.has(each.environment) && !known.has(each.environment)
    const latest = isAsked ? await readStatus(octokit, repo, each.id) : undefined
    const state = ended.has(each.environment) ? 'inactive' : latest?.state
    if (state === 'inactive') ended.add(each.environment)
    seen.push({
      id: each.id,
      sha: each.sha,
      task: each.task,
      author: each.creator?.login ?? '',
      environment: each.environment,
      state,
      description: latest?.description ?? '',
      url: latest?.environment_url ?? '',
      at: Date.parse(latest?.created_at ?? each.created_at),
    })
  }
  return seen
}

async function readStatus(octokit: Octokit, repo: Repo, id: number) {
  const { data } = await octokit.rest.repos.listDeploymentStatuses({
    ...repo,
    deployment_id: id,
    per_page: 1,
  })
  return data[0]
}

/** GitHub's environment objects, with whether they have rules that somebody has made. */
export async function readEnvironments(
  octokit: Octokit,
  repo: Repo,
): Promise<{ readonly name: string; readonly hasRules: boolean }[]> {
  const all = await octokit.paginate(octokit.rest.repos.getAllEnvironments, { ...repo, per_page: perPage })
  const list = all as unknown as readonly { name: string; protection_rules?: readonly unknown[] }[]
  return list.map(({ name, protection_rules: rules = [] }) => ({ name, hasRules: rules.length > 0 }))
}

/** `admin`, `write`, `read` or `none`. */
export async function readPermission(octokit: Octokit, repo: Repo, username: string): Promise<string> {
  const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ ...repo, username })
  return data.permission
}

/** When a branch got its head, in milliseconds since the epoch; null if GitHub has no such push. */
export async function readPushTime(
  octokit: Octokit,
  repo: Repo,
  { branch, head }: { branch: string; head: string },
): Promise<number | null> {
  const { data } = await octokit.rest.repos.listActivities({
    ...repo,
    ref: `refs/heads/${branch}`,
    per_page: perPage,
  })
  const push = data.find(({ after }) => after === head)
  return push === undefined ? null : Date.parse(push.timestamp)
}
