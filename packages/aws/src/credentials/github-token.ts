import {
  explainSystemError,
  type Job,
  messageOf,
  proxyRefused,
  retry,
  sendRequest,
  UserError,
} from '@meridian/runner'

const audience = 'sts.amazonaws.com'

type TokenJob = Pick<Job, 'env' | 'signal' | 'deadline' | 'log' | 'userAgent' | 'mask'>

const patienceMilliseconds = 15_000

class TokenError extends Error {
  readonly status: number
  constructor(status: number, words = `answered ${status}`) {
    super(`GitHub's token service ${words}`)
    this.status = status
  }
}

/**
 * A new OIDC token of this GitHub job for AWS STS. It lives for a few minutes, so ask for one right before use.
 * Throws a UserError if the job lacks the permission `id-token: write`.
 */
export async function requestGithubToken(job: TokenJob): Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = job.env
  if (!url || !bearer) {
    throw new UserError('role-to-assume is given, but this job may not ask GitHub for an identity token', {
      fix: 'Add `permissions: id-token: write` to the job. Pull requests from forks never get it.',
      input: 'role-to-assume',
    })
  }
  const token = await retry(job, {
    what: "asking GitHub for the job's identity token",
    attempt: () => fetchToken(url, bearer, job),
    retryable: isWorthAnother,
    most: 5,
  }).catch(error => Promise.reject(job.signal.aborted ? error : explain(error)))
  job.mask(token)
  return token
}

function isWorthAnother(error: unknown): boolean {
  if (error instanceof TokenError) return error.status >= 500 || [0, 429].includes(error.status)
  return (error as { code?: unknown }).code !== proxyRefused
}

function explain(error: unknown): UserError {
  if (error instanceof UserError) return error
  const known = explainSystemError(error)
  return new UserError(`GitHub gave this job no identity token: ${known?.what ?? messageOf(error)}`, {
    fix: known?.fix ?? 'Run it again; www.githubstatus.com tells of outages.',
    cause: error,
  })
}

async function fetchToken(url: string, bearer: string, job: TokenJob): Promise<string> {
  const address = new URL(url)
  address.searchParams.set('audience', audience)
  const late = AbortSignal.timeout(patienceMilliseconds)
  try {
    const answer = await sendRequest(address, {
      env: job.env,
      headers: { authorization: `Bearer ${bearer}`, accept: 'application/json', 'user-agent': job.userAgent },
      signal: AbortSignal.any([job.signal, late]),
    })
    const { value } = readObject(await answer.text())
    if (answer.status !== 200) throw new TokenError(answer.status)
    if (typeof value !== 'string' || value === '') throw new TokenError(200, 'answered 200 without a token')
    return value
  } catch (error) {
    if (!late.aborted || job.signal.aborted || error instanceof UserError) throw error
    throw new TokenError(0, `did not answer within ${patienceMilliseconds / 1000} s`)
  }
}

function readObject(text: string): { value?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { value?: unknown }
  } catch {
    return {}
  }
}
