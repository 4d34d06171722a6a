import { formatInstant } from '@meridian/identity'

/** What a lease says of its holder. */
export type LeaseRecord = {
  /** One acquisition; nobody else writes it. */
  readonly token: string
  readonly action: string
  /** URL of the holder's run, '' outside GitHub. */
  readonly run: string
  /** GitHub counts the attempts of a run from 1. */
  readonly attempt: number
  /** RFC 3339, by the holder's clock. */
  readonly since: string
  /** How long it holds after the last writing of it. */
  readonly milliseconds: number
  /** Makes each writing differ, and with it the ETag. */
  readonly renewals: number
  readonly released: boolean
  /** The holder's mark as the text of a claim, '' where it gave none: a lease may be all that a dead run has left. */
  readonly mark: string
}

/** A lease as it was read, with times of S3's own clock: those of two runners may differ by minutes. */
export type SeenLease = {
  readonly record: LeaseRecord
  readonly etag: string
  /** Undefined in a bucket without versions. */
  readonly versionId?: string | undefined
  /** Milliseconds since the epoch. */
  readonly writtenAt: number
  readonly readAt: number
}

/** S3 tells both of its times in whole seconds. */
const roundingMilliseconds = 1_000

/** Whether a seen lease may be taken over by the given run: it was given back, it has expired, or its holder is dead. */
export function isFree(seen: SeenLease, by: Pick<LeaseRecord, 'run' | 'attempt'>): boolean {
  const { record, writtenAt, readAt } = seen
  if (record.released || readAt - writtenAt > record.milliseconds + roundingMilliseconds) return true
  // GitHub lets a run be attempted again only when all of it has ended.
  return record.run !== '' && record.run === by.run && record.attempt < by.attempt
}

/** `create-cluster of https://… since 2026-11-26T02:00:00Z, until 2026-11-26T02:07:00Z unless renewed`. */
export function describeHolder({ record, writtenAt }: SeenLease): string {
  const { action, run, attempt, since, milliseconds } = record
  const holder = run === '' ? action : `${action} of ${run}${attempt > 1 ? ` (attempt ${attempt})` : ''}`
  const until = writtenAt + milliseconds
  return `${holder} since ${since}, until ${formatInstant(new Date(until))} unless renewed`
}

/** Reads a lease's text; what is none counts as a nameless holder's, so that it ends like any other. */
export function parseRecord(text: string, fallback: number): LeaseRecord {
  const nameless: LeaseRecord = {
    token: '',
    action: 'an unknown holder',
    run: '',
    attempt: 1,
    since: 'an unknown time',
    milliseconds: fallback,
    renewals: 0,
    released: false,
    mark: '',
  }
  try {
    const given: unknown = JSON.parse(text)
    if (typeof given !== 'object' || given === null) return nameless
    const fits = ([key, value]: [string, unknown]) =>
      typeof value === typeof nameless[key as keyof LeaseRecord]
    return { ...nameless, ...Object.fromEntries(Object.entries(given).filter(fits)) }
  } catch {
    return nameless
  }
}
