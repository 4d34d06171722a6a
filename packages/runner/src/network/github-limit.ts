const minuteMilliseconds = 60_000

/** What of GitHub's answer tells whether it is a rate limit. */
export type GithubAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number | undefined>>
  readonly message: string
}

/** Both limits are answered by 403 or 429; only their texts and headers tell them from what a token may not do. */
export function isGithubLimit({ status, headers, message }: GithubAnswer): boolean {
  if (status === 429) return true
  return (
    status === 403 &&
    (/rate limit/i.test(message) ||
      headers['retry-after'] !== undefined ||
      String(headers['x-ratelimit-remaining']) === '0')
  )
}

/**
 * Milliseconds for which GitHub wants to be left alone after the given attempt was answered by a limit. Where it says no
 * time: a minute, and twice as long each time; who goes on asking may be banned
 * (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit).
 */
export function githubLimitWait({ headers }: GithubAnswer, attempt: number, now = Date.now()): number {
  const after = Number(headers['retry-after'])
  if (headers['retry-after'] !== undefined && after >= 0) return after * 1000
  const reset = Number(headers['x-ratelimit-reset'])
  if (String(headers['x-ratelimit-remaining']) === '0' && reset > 0) return Math.max(0, reset * 1000 - now)
  return minuteMilliseconds * 2 ** (attempt - 1)
}
