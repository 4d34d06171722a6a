import { isDeepStrictEqual } from 'node:util'
import { policyOf, type RecordSet } from './record-set.ts'
import type { RecordTable } from './record-table.ts'

/** Where a name's latency group leads: target by region, without final dot; {} where there is no group. */
export type Targets = Record<string, string>

/** What a name answered from one commit to the next, in world seconds; the last state has no end. */
export type AnswerState = { since: number; until?: number; targets: Targets }

export type BrokenAnswer = { kind: 'mixed' | 'empty'; seconds: number; state: AnswerState }

/** By canonical name, each in the order of commits. */
export type AnswerHistory = Map<string, AnswerState[]>

/** Notes after a commit what the names that it touched answer now. Names that never had a group stay out. */
export function noteAnswers(
  history: AnswerHistory,
  names: Iterable<string>,
  records: RecordTable,
  now: number,
): void {
  for (const name of new Set(names)) {
    const targets = targetsOf(records.at(name))
    const states = history.get(name) ?? []
    if (states.length === 0 && Object.keys(targets).length === 0) continue
    const last = states.at(-1)
    if (last) last.until = now
    history.set(name, [...states, { since: now, targets }])
  }
}

/**
 * The states in which a name answered with no group that somebody meant: half of one, a mixture of two (`mixed`), or
 * none (`empty`). `meant` lists the groups that whole runs leave behind, with {} among them where a run removes the
 * name. The name servers show each state a little later, but for as long.
 */
export function brokenAnswers(
  states: readonly AnswerState[],
  meant: readonly Targets[],
  now: number,
): BrokenAnswer[] {
  return states
    .filter(({ targets }) => !meant.some(group => isDeepStrictEqual(group, targets)))
    .map(state => ({
      kind: Object.keys(state.targets).length === 0 ? 'empty' : 'mixed',
      seconds: (state.until ?? now) - state.since,
      state,
    }))
}

function targetsOf(records: readonly RecordSet[]): Targets {
  const targets: Targets = {}
  for (const record of records.toSorted((a, b) => ((a.region ?? '') < (b.region ?? '') ? -1 : 1))) {
    if (policyOf(record) !== 'latency') continue
    const region = record.region ?? ''
    const target = (record.alias?.dnsName ?? record.values[0] ?? '').replace(/\.$/, '')
    const other = targets[region]
    // A and AAAA of one region must lead to one place.
    targets[region] = other === undefined || other === target ? target : `${other} or ${target}`
  }
  return targets
}
