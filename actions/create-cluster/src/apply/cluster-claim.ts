import {
  type Birth,
  formatInstant,
  type Identity,
  type Mark,
  makeMark,
  pullRequestOf,
} from '@meridian/identity'
import type { Job } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'

/** The birth of what this run makes. `now` in whole seconds, as marks have it. */
export function birthOf(
  inputs: Pick<Inputs, 'ttl' | 'pullRequest' | 'repository'>,
  job: Pick<Job, 'run' | 'env' | 'version'>,
  now: Date,
): Birth {
  const { ttl } = inputs
  return {
    createdAt: now,
    ...(ttl !== undefined && { expiresAt: new Date(now.getTime() + ttl) }),
    pullRequest: pullRequestOf(inputs, job),
    run: job.run.url,
    version: job.version,
  }
}

/**
 * The claim of a cluster of ours that is there: of the current schema, with its own birth, and wanted for at least `ttl`
 * from now. One that is wanted without end stays so.
 */
export function renewClaim(
  mark: Mark,
  identity: Identity,
  { ttl, now, version }: { ttl: number | undefined; now: Date; version: string },
): Mark {
  const { createdAt, pullRequest, run, expiresAt } = mark
  const later = ttl === undefined ? undefined : formatInstant(new Date(now.getTime() + ttl))
  const isLater = later !== undefined && expiresAt !== undefined && Date.parse(later) > Date.parse(expiresAt)
  const until = isLater ? later : expiresAt
  return {
    ...makeMark(identity),
    ...(createdAt && { createdAt }),
    ...(until && { expiresAt: until }),
    ...(pullRequest && { pullRequest }),
    ...(run && { run }),
    version,
  }
}

/** A claim while the run that writes it changes the cluster. */
export function unfinished(mark: Mark, job: Pick<Job, 'run'>): Mark {
  return { ...mark, unfinished: job.run.url || 'a run outside GitHub' }
}
