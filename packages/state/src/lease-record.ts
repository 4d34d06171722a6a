import { formatInstant } from '@meridian/identity'
import { describeHolder, isEarlierAttempt, type LeaseHolder } from '@meridian/runner'

/** What a lease says of its holder. */
export type LeaseRecord = LeaseHolder & {
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
  return isEarlierAttempt(record, by)
}

/** Who has a seen lease, since when, and until when. */
export function describeSeen({ record, writtenAt }: SeenLease): string {
  const until = formatInstant(new Date(writtenAt + record.milliseconds))
  return describeHolder(record, { since: record.since, until })
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
