import type { Repository } from '@meridian/identity'
import type { Candidate } from './candidate.ts'
import { nameOfToday, pullRequestOf } from './judge-environment.ts'

/** An environment that was found, for whoever tells its pull request; the output `environments`. */
export type ToldEnvironment = {
  readonly environment: string
  readonly domain: string
  /** `owner/name` */
  readonly repository: string
  readonly pullRequest?: string
  readonly gone: boolean
  /** Why it is gone, or why it stays. */
  readonly reason: string
}

/** All environments that have a name, each with what has become of it; `own` is the run's repository. Pure. */
export function tellEnvironments(
  candidates: readonly Candidate[],
  gone: readonly Candidate[],
  own: Repository,
): ToldEnvironment[] {
  return candidates.flatMap(candidate => {
    const { identity, claims } = candidate.environment
    const { environment, domain, repository } = identity
    const pullRequest = claims.flatMap(({ mark }) => pullRequestOf(mark)?.number ?? [])[0]
    const more = pullRequest === undefined ? {} : { pullRequest }
    const { reason } = candidate.verdict
    const told = { repository: nameOfToday(repository, own), ...more, gone: gone.includes(candidate), reason }
    return environment === undefined ? [] : [{ environment, domain, ...told }]
  })
}
