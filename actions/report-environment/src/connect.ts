import { getOctokit } from '@actions/github'
import {
  type GithubAnswer,
  githubLimitWait,
  isGithubLimit,
  type Job,
  messageOf,
  pause,
  sendRequest,
  UserError,
} from '@meridian/runner'

export type Octokit = ReturnType<typeof getOctokit>
/** The repository that the run belongs to, as GitHub's API takes it. */
export type Repo = { readonly owner: string; readonly repo: string }

/** What GitHub has answered instead of what was asked for. */
export type Refusal = Error & { readonly status: number }

/** A client of GitHub's API that honours the run's proxies and its end. */
export function connectGithub(job: Pick<Job, 'env' | 'signal' | 'userAgent'>, token: string): Octokit {
  return getOctokit(token, {
    baseUrl: job.env.GITHUB_API_URL ?? 'https://api.github.com',
    userAgent: job.userAgent,
    request: { fetch: fetchBy(job) },
  })
}

/**
 * The parts of `fetch` that the client uses: Node's own loads a second HTTP stack for a single `Response`. A write that is lost
 * is never sent twice by itself.
 */
function fetchBy({ env, signal }: Pick<Job, 'env' | 'signal'>) {
  return async (url: string, given: { method: string; headers: Record<string, string>; body?: string }) => {
    const reply = await sendRequest(url, {
      ...given,
      env,
      signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
    })
    const body = await reply.text()
    return {
      url,
      status: reply.status,
      headers: new Map(Object.entries(reply.headers)),
      text: async () => body,
      arrayBuffer: async () => new TextEncoder().encode(body).buffer,
    }
  }
}

/** The repository of a run, as Octokit takes it. */
export function repoOf({ run }: Pick<Job, 'run'>): Repo {
  const [owner = '', repo = ''] = run.repository.split('/')
  return { owner, repo }
}

const isRefusal = (error: unknown): error is Refusal =>
  error instanceof Error &&
  'status' in error &&
  typeof error.status === 'number' &&
  error.name === 'HttpError'

/** Whether the token may not do what was asked; a rate limit, which has the same status, is not that. */
export const isForbidden = (error: unknown): boolean =>
  isRefusal(error) && error.status === 403 && !isGithubLimit(answerOf(error))

function answerOf(error: Refusal): GithubAnswer {
  const { headers = {} } = (error as { response?: { headers: GithubAnswer['headers'] } }).response ?? {}
  return { status: error.status, headers, message: error.message }
}

const mostAttempts = 6

/**
 * Does something with GitHub, anew from its first look where GitHub was too busy, or was not heard: what has arrived all the
 * same is then seen, and not written twice. Throws a UserError that says what the token lacks.
 */
export async function insist<T>(job: Job, what: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      job.signal.throwIfAborted()
      const wait = waitAfter(error, attempt)
      if (wait === undefined || attempt >= mostAttempts || Date.now() + wait > job.deadline)
        throw explain(error, what)
      job.log.info(`${what}: ${messageOf(error).split('\n')[0]}; trying again in ${Math.ceil(wait / 1000)} s`)
      await pause(wait, job.signal)
    }
  }
}

/** Milliseconds until it is worth trying again; undefined if it never is. Pure, but for chance. */
function waitAfter(error: unknown, attempt: number): number | undefined {
  if (!isRefusal(error) || error.cause instanceof UserError) return undefined
  // The client calls what never had an answer a 500, too.
  if (error.status >= 500) return Math.random() * 200 * 2 ** attempt
  const answer = answerOf(error)
  return isGithubLimit(answer) ? githubLimitWait(answer, attempt) : undefined
}

function explain(error: unknown, what: string): unknown {
  if (!isRefusal(error)) return error
  // What is wrong with a proxy says itself what to do.
  if (error.cause instanceof UserError) return error.cause
  const told = error.message.split(' - http')[0]
  const answer = answerOf(error)
  const needs = answer.headers['x-accepted-github-permissions']
  if (isGithubLimit(answer))
    return new UserError(`${what}: GitHub's rate limit: ${told}`, {
      fix: 'Run the job again in some minutes.',
      cause: error,
    })
  if (error.status === 401)
    return new UserError(`${what}: GitHub does not know the token: ${told}`, {
      fix: 'Leave github-token out, or give one that has not expired.',
      cause: error,
    })
  if (error.status === 403)
    return new UserError(`${what}: the token may not do it: ${told}`, {
      fix: `Give the job what is needed under permissions:${needs ? ` GitHub names ${needs}` : ' pull-requests: write and deployments: write'}. Runs for forks get a token that can only read.`,
      cause: error,
    })
  return new UserError(`${what}: GitHub answered ${error.status}: ${told}`, {
    fix: 'Look at the pull request, then run the job again.',
    cause: error,
  })
}
