import type { Repository } from '@meridian/identity'
import {
  githubLimitWait,
  isGithubLimit,
  type Job,
  messageOf,
  pause,
  type Reply,
  retry,
  sendRequest,
} from '@meridian/runner'
import { nameOfToday, type PullRequest, type PullRequestState } from './judge-environment.ts'

const requestMilliseconds = 15_000
const attempts = 3

class RetryLater extends Error {}

/**
 * Asks GitHub for the state of a pull request; `own` is the run's repository. Never throws but when the job ends: no
 * answer is `unknown`, and so is one of a repository that has taken over the name of the mark's.
 */
export async function askPullRequest(
  job: Pick<Job, 'env' | 'signal' | 'deadline' | 'log' | 'userAgent'>,
  token: string | undefined,
  { repository, number }: PullRequest,
  own: Repository,
): Promise<PullRequestState> {
  const name = nameOfToday(repository, own)
  if (!/^[\w.-]+\/[\w.-]+$/.test(name) || !/^\d{1,9}$/.test(number))
    return { unknown: `its mark names no pull request (${name}#${number})` }
  const api = job.env.GITHUB_API_URL ?? 'https://api.github.com'
  try {
    return await retry(job, {
      what: `asking GitHub for ${name}#${number}`,
      attempt: () => ask(job, token, `${api}/repos/${name}/pulls/${number}`, repository.id),
      retryable: error => error instanceof RetryLater,
      most: attempts,
    })
  } catch (error) {
    job.signal.throwIfAborted()
    return { unknown: messageOf(error) }
  }
}

async function ask(
  job: Pick<Job, 'env' | 'signal' | 'userAgent' | 'deadline'>,
  token: string | undefined,
  url: string,
  id: string,
): Promise<PullRequestState> {
  const answer = await sendRequest(url, {
    env: job.env,
    headers: {
      accept: 'application/vnd.github+json',
      'user-agent': job.userAgent,
      'x-github-api-version': '2022-11-28',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    signal: AbortSignal.any([job.signal, AbortSignal.timeout(requestMilliseconds)]),
  }).catch(error => {
    throw new RetryLater(messageOf(error))
  })
  if (answer.status === 403 || answer.status === 429) return handleRefusal(job, answer, url)
  if (answer.status !== 200) answer.body.destroy()
  if (answer.status >= 500) throw new RetryLater(`GitHub answered ${answer.status}`)
  if (answer.status >= 300 && answer.status < 400)
    return { unknown: `GitHub sends on from ${url}: something may have taken over that name` }
  if (answer.status !== 200) return lacking(answer, url)
  const { state, base } = JSON.parse(await answer.text()) as {
    state?: unknown
    base?: { repo?: { id?: unknown } }
  }
  if (id !== '' && String(base?.repo?.id) !== id)
    return { unknown: `${url} is of another repository than the one with the id ${id}` }
  return state === 'open' || state === 'closed'
    ? state
    : { unknown: `GitHub gave it the state ${String(state)}` }
}

const lacking = ({ status }: Reply, url: string): PullRequestState => ({
  unknown: `GitHub answered ${status} for ${url}: the token needs pull-requests: read there`,
})

/** Waits for a rate limit as long as GitHub says, if there is so much time. */
async function handleRefusal(
  job: Pick<Job, 'signal' | 'deadline'>,
  reply: Reply,
  url: string,
): Promise<PullRequestState> {
  const answer = { ...reply, message: await reply.text() }
  if (!isGithubLimit(answer)) return lacking(reply, url)
  const wait = githubLimitWait(answer, 1)
  const what = `GitHub's rate limit (${answer.status} for ${url})`
  if (Date.now() + wait > job.deadline) return { unknown: `${what} lasts longer than this run` }
  await pause(wait, job.signal)
  throw new RetryLater(what)
}
