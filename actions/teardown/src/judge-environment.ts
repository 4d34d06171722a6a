import { formatDuration } from '@meridian/runner'
import type { Environment } from './environment.ts'

/** A pull request as a bucket's tags name it. */
export type PullRequest = { readonly repository: string; readonly number: string }
/** `unknown` with why it could not be asked. */
export type PullRequestState = 'open' | 'closed' | { readonly unknown: string }

export type Verdict = {
  readonly due: boolean
  /** Completes "it goes/stays, since …". */
  readonly reason: string
  /** Something that its owner should look at. */
  readonly doubt?: true
}

/** Keeps an environment from being reaped, whatever else its tags say. */
export const protectionTag = 'meridian:protect'

const keep = (reason: string): Verdict => ({ due: false, reason })
const doubt = (reason: string): Verdict => ({ due: false, reason, doubt: true })

/**
 * Whether nobody wants an environment any more: all its buckets have expired, or the pull request that it was made
 * for is closed. What cannot be known keeps it. Pure; `now` in milliseconds since the epoch.
 */
export function judgeEnvironment(
  { buckets }: Environment,
  now: number,
  pullRequest: PullRequestState | undefined,
): Verdict {
  if (buckets.some(({ tags }) => ![undefined, '', 'false'].includes(tags[protectionTag])))
    return keep(`it is protected by the tag ${protectionTag}`)
  if (pullRequest === 'closed') return { due: true, reason: 'its pull request is closed' }
  const given = buckets.flatMap(({ tags }) => tags['meridian:expires-at'] ?? [])
  const ends = given.map(text => Date.parse(text))
  if (ends.some(Number.isNaN)) return doubt(`its expiry cannot be read: ${given.join(', ')}`)
  const last = Math.max(...ends)
  if (given.length === buckets.length && last <= now)
    return { due: true, reason: `it expired ${formatDuration(now - last)} ago` }
  if (typeof pullRequest === 'object')
    return doubt(`its pull request could not be asked for: ${pullRequest.unknown}`)
  if (pullRequest === 'open') return keep('its pull request is open')
  if (given.length < buckets.length) return keep('it has no expiry')
  return keep(`it expires in ${formatDuration(last - now)}`)
}

/** The pull request that an environment was made for; undefined if its buckets name none, or not one and the same. */
export function pullRequestOf({ buckets }: Environment): PullRequest | undefined {
  const [first, ...others] = buckets.map(({ tags }) => ({
    repository: tags['meridian:owner'] ?? '',
    number: tags['meridian:pull-request'] ?? '',
  }))
  if (first === undefined || first.number === '') return undefined
  const same = others.every(
    ({ repository, number }) => repository === first.repository && number === first.number,
  )
  return same ? first : undefined
}

/** When the first bucket of an environment was made, in milliseconds since the epoch; undefined if none says it. */
export function bornAt({ buckets }: Environment): number | undefined {
  const births = buckets
    .map(({ tags }) => Date.parse(tags['meridian:created-at'] ?? ''))
    .filter(at => !Number.isNaN(at))
  return births.length === 0 ? undefined : Math.min(...births)
}
