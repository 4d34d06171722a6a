import { type Job, messageOf, retry } from '@meridian/runner'
import type { PullRequest, PullRequestState } from './judge-environment.ts'

const requestMilliseconds = 15_000
const attempts = 3

class RetryLater extends Error {}

/** Asks GitHub for the state of a pull request. Never throws but when the job ends: no answer is `unknown`. */
export async function askPullRequest(
  job: Pick<Job, 'env' | 'signal' | 'deadline' | 'log' | 'userAgent'>,
  token: string | undefined,
  { repository, number }: PullRequest,
): Promise<PullRequestState> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || !/^\d{1,9}$/.test(number))
    return { unknown: `the tags name no pull request (${repository}#${number})` }
  const api = job.env.GITHUB_API_URL ?? 'https://api.github.com'
  try {
    return await retry(job, {
      what: `asking GitHub for ${repository}#${number}`,
      attempt: () => ask(job, token, `${api}/repos/${repository}/pulls/${number}`),
      retryable: error => error instanceof RetryLater,
      most: attempts,
    })
  } catch (error) {
    job.signal.throwIfAborted()
    return { unknown: messageOf(error) }
  }
}

async function ask(
  job: Pick<Job, 'signal' | 'userAgent'>,
  token: string | undefined,
  url: string,
): Promise<PullRequestState> {
  const answer = await fetch(url, {
    headers: {
      accept: 'application/vnd.github+json',
      'user-agent': job.userAgent,
      'x-github-api-version': '2022-11-28',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    redirect: 'error',
    signal: AbortSignal.any([job.signal, AbortSignal.timeout(requestMilliseconds)]),
  }).catch(error => {
    throw new RetryLater(messageOf(error instanceof TypeError && error.cause ? error.cause : error))
  })
  if (answer.status >= 500) throw new RetryLater(`GitHub answered ${answer.status}`)
  if (answer.status !== 200)
    return {
      unknown: `GitHub answered ${answer.status} for ${url}: the token needs pull-requests: read there`,
    }
  const { state } = (await answer.json()) as { state?: unknown }
  return state === 'open' || state === 'closed'
    ? state
    : { unknown: `GitHub gave it the state ${String(state)}` }
}
