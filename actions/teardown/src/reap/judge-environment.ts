import { isSameRepository, type Mark, protectionTag, type Repository, rootOf } from '@meridian/identity'
import { decided, formatDuration } from '@meridian/runner'
import type { Environment } from './environments.ts'

/** A pull request as a mark names it. */
export type PullRequest = { readonly repository: Repository; readonly number: string }
/** `unknown` with why it could not be asked. */
export type PullRequestState = 'open' | 'closed' | { readonly unknown: string }

export type Verdict = {
  readonly due: boolean
  /** Completes "it goes/stays, since …". */
  readonly reason: string
  /** Something that its owner should look at. */
  readonly doubt?: true
}

const keep = (reason: string): Verdict => ({ due: false, reason })
const doubt = (reason: string): Verdict => ({ due: false, reason, doubt: true })

/**
 * Whether nobody wants what a mark speaks for any more: it has expired, or the pull request that it was made for is
 * closed. What cannot be known keeps it. Pure; `now` in milliseconds since the epoch.
 */
export function judgeMark(
  { expiresAt }: Pick<Mark, 'expiresAt'>,
  now: number,
  pullRequest: PullRequestState | undefined,
): Verdict {
  if (pullRequest === 'closed') return { due: true, reason: 'its pull request is closed' }
  const end = expiresAt === undefined ? undefined : Date.parse(expiresAt)
  if (Number.isNaN(end)) return doubt(`its expiry cannot be read: ${expiresAt}`)
  if (end !== undefined && end <= now)
    return { due: true, reason: `it expired ${formatDuration(now - end)} ago` }
  if (typeof pullRequest === 'object')
    return doubt(`its pull request could not be asked for: ${pullRequest.unknown}`)
  if (pullRequest === 'open') return keep('its pull request is open')
  return keep(end === undefined ? 'it has no expiry' : `it expires in ${formatDuration(end - now)}`)
}

/**
 * Whether an environment goes. It goes as a whole: each of its claims must be due, and none may be protected or in doubt.
 * `states` are of the claims' own pull requests, in their order. Pure.
 */
export function judgeEnvironment(
  { claims, doubts }: Pick<Environment, 'claims' | 'doubts'>,
  now: number,
  states: readonly (PullRequestState | undefined)[],
): Verdict {
  if (claims.some(({ isProtected }) => isProtected))
    return keep(`it is protected by the tag ${protectionTag}`)
  const [unclear] = doubts
  if (unclear !== undefined) return doubt(unclear)
  const verdicts = claims.map(({ mark }, at) => judgeMark(mark, now, states[at]))
  const wanted = verdicts.findIndex(({ due }) => !due)
  const keeps = verdicts[wanted]
  if (keeps !== undefined) {
    const isAlone = verdicts.every(({ due, reason }) => !due && reason === keeps.reason)
    return isAlone ? keeps : { ...keeps, reason: `of ${claims[wanted]?.fullName}: ${keeps.reason}` }
  }
  const reasons = [...new Set(verdicts.map(({ reason }) => reason))]
  return { due: claims.length > 0, reason: reasons.join('; ') }
}

/** Tells the debug log of a verdict. */
export function tellVerdict({ identity }: Pick<Environment, 'identity'>, verdict: Verdict): Verdict {
  return decided(
    rootOf(identity),
    verdict,
    ({ due, reason }) => `it ${due ? 'goes' : 'stays'}, since ${reason}`,
  )
}

/** The pull request that a mark names; undefined if it names none. */
export function pullRequestOf({
  pullRequest: number,
  repository,
}: Pick<Mark, 'pullRequest' | 'repository'>): PullRequest | undefined {
  return number === undefined ? undefined : { repository: repository ?? { id: '', name: '' }, number }
}

/** A repository by its name of today, which a mark from before it was renamed does not have. */
export function nameOfToday(repository: Repository, own: Repository): string {
  return repository.id !== '' && isSameRepository(repository, own) ? own.name : repository.name
}

/** When the first cluster of an environment was made, in milliseconds since the epoch; undefined if no claim says it. */
export function bornAt({ claims }: Pick<Environment, 'claims'>): number | undefined {
  const births = claims.map(({ mark }) => Date.parse(mark.createdAt ?? '')).filter(at => !Number.isNaN(at))
  return births.length === 0 ? undefined : Math.min(...births)
}
/** Asks for the pull request of a mark; undefined if it has none. */

export type AskState = (mark: Mark) => Promise<PullRequestState | undefined>
