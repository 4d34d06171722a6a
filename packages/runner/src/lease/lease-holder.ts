import { randomUUID } from 'node:crypto'
import type { Job } from '../job/job.ts'

/** Who has a lease, as it is written into it. */
export type LeaseHolder = {
  /** One acquisition; nobody else writes it. */
  readonly token: string
  readonly action: string
  /** URL of the holder's run, '' outside GitHub. */
  readonly run: string
  /** GitHub counts the attempts of a run from 1. */
  readonly attempt: number
}

/** A job as a new holder. */
export function newHolder({ action, run, env }: Pick<Job, 'action' | 'run' | 'env'>): LeaseHolder {
  return { token: randomUUID(), action, run: run.url, attempt: Number(env.GITHUB_RUN_ATTEMPT ?? 1) }
}

/** Whether a holder is dead since another asks: GitHub lets a run be attempted again only when all of it has ended. */
export function isEarlierAttempt(
  holder: Pick<LeaseHolder, 'run' | 'attempt'>,
  by: Pick<LeaseHolder, 'run' | 'attempt'>,
): boolean {
  return holder.run !== '' && holder.run === by.run && holder.attempt < by.attempt
}

/** `federate of https://… (attempt 2) since 2026-11-26T02:00:00Z, until 2026-11-26T02:07:00Z unless renewed`. */
export function describeHolder(
  { action, run, attempt }: Omit<LeaseHolder, 'token'>,
  { since, until }: { since: string; until: string },
): string {
  const whole = attempt > 1 ? `${run} (attempt ${attempt})` : run
  return `${action}${run === '' ? '' : ` of ${whole}`}${since && ` since ${since}`}, until ${until} unless renewed`
}
