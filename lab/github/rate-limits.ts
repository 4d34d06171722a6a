import { GithubError } from './github-error.ts'
import { actionsBot, type Token } from './model.ts'

/**
 * What GitHub says that it lets one account do: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api.
 * It does not say which requests create content; here all that write any do.
 */
const limits = {
  /** Requests an hour: of the token of a repository's jobs, and of any other. */
  primary: { job: 1_000, other: 5_000 },
  concurrent: 100,
  /** Of requests to one endpoint a minute: one that reads is 1, one that writes is 5. */
  points: 900,
  content: { minute: 80, hour: 500 },
}

/** What is asked, at a time in world seconds. */
type Taken = { readonly at: number; readonly operation: string; readonly method: string }

/** Why a request is refused, and in how many world seconds it would not be, where that is told. */
export type Excess = {
  readonly kind: 'primary' | 'secondary'
  readonly message: string
  readonly after?: number
}

const [minute, hour] = [60, 3600]
const pointsOf = ({ method }: Taken) => (method === 'GET' ? 1 : 5)
const createsContent = ({ method }: Taken) => method !== 'GET' && method !== 'DELETE'

/** The limit that a request exceeds after those that were let pass before it, the oldest first. */
export function findExcess(
  before: readonly Taken[],
  asked: Taken,
  { most, inFlight }: { most: number; inFlight: number },
): Excess | undefined {
  const within = (seconds: number) => before.filter(({ at }) => at > asked.at - seconds)
  /** When the window has room again. */
  const freeAgain = (counted: readonly Taken[], seconds: number) => ({
    after: (counted[0]?.at ?? asked.at) + seconds - asked.at,
  })
  const lastHour = within(hour)
  if (lastHour.length >= most)
    return { kind: 'primary', message: 'API rate limit exceeded', ...freeAgain(lastHour, hour) }
  const secondary = {
    kind: 'secondary',
    message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
  } as const
  if (inFlight > limits.concurrent) return secondary
  const sameEndpoint = within(minute).filter(({ operation }) => operation === asked.operation)
  const points = sameEndpoint.reduce((sum, taken) => sum + pointsOf(taken), pointsOf(asked))
  if (points > limits.points) return { ...secondary, ...freeAgain(sameEndpoint, minute) }
  if (!createsContent(asked)) return undefined
  for (const [window, allowed] of [
    [minute, limits.content.minute],
    [hour, limits.content.hour],
  ] as const) {
    const created = within(window).filter(createsContent)
    if (created.length >= allowed) return { ...secondary, ...freeAgain(created, window) }
  }
  return undefined
}

export type RateLimits = {
  /** Counts a request, and returns the headers that tell of it; throws what GitHub refuses it with. */
  take(token: Token, asked: Omit<Taken, 'at'>, inFlight: number): Record<string, string>
  /** Operations that were asked for by a token before the time that it had been told: GitHub bans who goes on so. */
  askedTooSoon(): readonly string[]
}

export const noLimits: RateLimits = { take: () => ({}), askedTooSoon: () => [] }

type Times = {
  /** World seconds. */
  seconds(): number
  /** Milliseconds since the epoch. */
  now(): number
  /** World seconds in a real one. */
  readonly scale: number
}

/** All tokens of one account in one repository share its limits. */
export function createRateLimits({ seconds, now, scale }: Times): RateLimits {
  const accounts = new Map<string, Taken[]>()
  const notBefore = new WeakMap<Token, number>()
  const tooSoon: string[] = []
  // Clients wait in real seconds.
  const inReal = (worldSeconds: number) => Math.ceil(worldSeconds / scale)
  return {
    askedTooSoon: () => tooSoon,
    take(token, request, inFlight) {
      const { repository, author } = token
      const asked = { ...request, at: seconds() }
      if (asked.at < (notBefore.get(token) ?? 0)) tooSoon.push(asked.operation)
      const key = `${repository} ${author}`
      const before = (accounts.get(key) ?? []).filter(({ at }) => at > asked.at - hour)
      accounts.set(key, before)
      const most = author === actionsBot ? limits.primary.job : limits.primary.other
      const excess = findExcess(before, asked, { most, inFlight })
      if (excess === undefined) before.push(asked)
      const reset = (before[0]?.at ?? asked.at) + hour - asked.at
      const headers = {
        'x-ratelimit-limit': String(most),
        'x-ratelimit-remaining': String(most - before.length),
        'x-ratelimit-used': String(before.length),
        'x-ratelimit-reset': String(Math.ceil(now() / 1000) + inReal(reset)),
        'x-ratelimit-resource': 'core',
      }
      if (excess === undefined) return headers
      const { kind, after = minute, message } = excess
      notBefore.set(token, asked.at + after)
      const wait = kind === 'secondary' &&
        excess.after !== undefined && { 'retry-after': String(inReal(after)) }
      throw new GithubError(403, message, { headers: { ...headers, ...wait } })
    },
  }
}
