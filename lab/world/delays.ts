import type { Clock } from './clock.ts'
import { keepLatest } from './keep-latest.ts'

/** Something that takes its time, whoever waits for it. Both in world seconds since the world began. */
export type Delay = {
  /** What is on its way, such as `load balancer`; the same words for all of its kind. */
  what: string
  /** Full name of the cluster that it belongs to, or the region; '' for what is global. */
  place: string
  from: number
  to: number
}

export type Delays = {
  /** Notes that something begins now that takes so many world seconds; infinitely many are not noted. */
  note(what: string, place: string, seconds: number): void
  list(): readonly Delay[]
}

/** What the world has let its clients wait for, the latest `most` of it. */
export function createDelays({ elapsed }: Pick<Clock, 'elapsed'>, most = 5_000): Delays {
  const delays: Delay[] = []
  return {
    note(what, place, seconds) {
      if (!Number.isFinite(seconds) || seconds <= 0) return
      const from = elapsed()
      keepLatest(delays, { what, place, from, to: from + seconds }, most)
    },
    list: () => delays,
  }
}
