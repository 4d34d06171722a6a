import { readFileSync } from 'node:fs'
import { type Environment, integer, type Job, optional, UserError } from '@meridian/runner'
import { isSameRepository } from './identity.ts'
import { repositoryOf } from './owners.ts'

/** What an action takes that marks what it makes with a pull request, to be spread into `defineInputs`. */
export const pullRequestInputs = { 'pull-request': optional(integer(1, 2_147_483_647)) }

type Given = { readonly pullRequest?: number | undefined; readonly repository?: string | undefined }

/**
 * The number of the pull request for which a run makes things, so that the reaper takes them when it is closed: that of
 * the run's event, else of the input. A number is one of the repository that owns the things; the event of a run that acts
 * for another repository says nothing about that one's. Throws a UserError where event and input differ.
 */
export function pullRequestOf(given: Given, { env, run }: Pick<Job, 'env' | 'run'>): number | undefined {
  const own = repositoryOf(run, undefined)
  if (!isSameRepository(own, repositoryOf(run, given.repository))) return given.pullRequest
  const event = pullRequestOfEvent(env)
  if (event !== undefined && given.pullRequest !== undefined && event !== given.pullRequest) {
    throw new UserError(`this run belongs to pull request ${event}, and not to ${given.pullRequest}`, {
      fix: 'Leave pull-request out: where the event of the run has a pull request, it is known. Nothing has been changed.',
      input: 'pull-request',
    })
  }
  return event ?? given.pullRequest
}

type Payload = { pull_request?: { number?: unknown }; issue?: { number?: unknown; pull_request?: unknown } }

/** By the event's payload, which `pull_request_target` and `issue_comment` have alone, else by the ref. */
function pullRequestOfEvent(env: Environment): number | undefined {
  const { pull_request: pull, issue } = readPayload(env.GITHUB_EVENT_PATH)
  const number = pull?.number ?? (issue?.pull_request ? issue.number : undefined)
  if (typeof number === 'number') return number
  const [, named] = /^refs\/pull\/(\d+)\//.exec(env.GITHUB_REF ?? '') ?? []
  return named === undefined ? undefined : Number(named)
}

/** Outside GitHub there is none. */
function readPayload(path: string | undefined): Payload {
  try {
    const payload: unknown = path ? JSON.parse(readFileSync(path, 'utf8')) : undefined
    return typeof payload === 'object' && payload !== null ? payload : {}
  } catch {
    return {}
  }
}
