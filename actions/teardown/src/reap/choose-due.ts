import type { Candidate } from './candidate.ts'
import { bornAt } from './judge-environment.ts'

export type Choice = {
  readonly chosen: readonly Candidate[]
  /** Left to the next run. */
  readonly later: readonly Candidate[]
  /** More clusters than any run may take. */
  readonly tooLarge: readonly Candidate[]
}

/**
 * What one run takes of what is due: the oldest environments, of together no more clusters than `most`. Those whose age
 * nobody knows come last. Pure.
 */
export function chooseDue(candidates: readonly Candidate[], most: number): Choice {
  const age = ({ environment }: Candidate) => bornAt(environment) ?? Number.POSITIVE_INFINITY
  const size = ({ environment }: Candidate) => environment.clusters.length
  const due = candidates.filter(({ verdict }) => verdict.due)
  const fitting = due.filter(candidate => size(candidate) <= most)
  const chosen: Candidate[] = []
  const later: Candidate[] = []
  let room = most
  for (const candidate of fitting.toSorted((a, b) => (age(a) < age(b) ? -1 : age(a) > age(b) ? 1 : 0))) {
    if (size(candidate) > room) later.push(candidate)
    else chosen.push(candidate)
    // Younger ones do not overtake: who is left out today comes first tomorrow.
    room = size(candidate) > room ? 0 : room - size(candidate)
  }
  return { chosen, later, tooLarge: due.filter(candidate => size(candidate) > most) }
}
