import { summaryFaults } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { type Candidate, describeCandidate } from '../../src/reap/candidate.ts'
import { chooseDue } from '../../src/reap/choose-due.ts'
import { renderReaping } from '../../src/reap/summary.ts'
import { identityOf } from '../lab-environment.ts'
import { claim, now, sort } from './some-claims.ts'

/** As many clusters as given, born so many hours ago; of unknown age without. */
function candidate(name: string, clusters: number, age?: number, due = true): Candidate {
  const createdAt = age === undefined ? undefined : new Date(now - age * 3_600_000).toISOString()
  const identity = identityOf(name)
  const claims = Array.from({ length: clusters }, (_, at) =>
    claim({ cluster: `${'abc'[at]}.${name}.k8s.example.com`, owner: name, createdAt }),
  )
  const [environment = { identity, clusters: [], claims: [], doubts: [] }] = sort(claims).environments
  return { environment, verdict: { due, reason: 'it expired 1h ago' }, hourlyCost: 0.1 }
}

test.each<[string, Candidate[], number, string[], string[], string[]]>([
  ['all that fits', [candidate('x', 1, 1), candidate('y', 2, 2)], 3, ['y', 'x'], [], []],
  ['the oldest first', [candidate('x', 1, 1), candidate('y', 1, 9)], 1, ['y'], ['x'], []],
  ['those of unknown age last', [candidate('x', 1), candidate('y', 1, 1)], 1, ['y'], ['x'], []],
  [
    'none that is younger than one left out',
    [candidate('x', 2, 9), candidate('y', 2, 5), candidate('z', 1, 1)],
    3,
    ['x'],
    ['y', 'z'],
    [],
  ],
  [
    'what fits beside one too large for any run',
    [candidate('x', 3, 9), candidate('y', 1, 1)],
    2,
    ['y'],
    [],
    ['x'],
  ],
  ['nothing that is wanted', [candidate('x', 1, 1, false)], 2, [], [], []],
])('a run takes %s', (_, candidates, most, chosen, later, tooLarge) => {
  const choice = chooseDue(candidates, most)
  const names = (some: readonly Candidate[]) =>
    some.map(({ environment }) => environment.identity.environment)
  expect([names(choice.chosen), names(choice.later), names(choice.tooLarge)]).toEqual([
    chosen,
    later,
    tooLarge,
  ])
})

describe('what a reaping says', () => {
  const one = candidate('pr-1', 1, 3)
  const facts = {
    candidates: [one],
    chosen: [one],
    later: [],
    tooLarge: [],
    records: [],
    things: [],
    others: 2,
    notices: ['The bucket x stays.'],
    dryRun: true,
    problems: [],
  }

  test('each environment with its age, its price and the reason', () => {
    expect(describeCandidate(one, now)).toBe(
      'pr-1.k8s.example.com of o/r (a; 3h old; $0.1000 per hour) goes: it expired 1h ago',
    )
  })

  test('what is saved, what stays, and how much belongs to others', () => {
    const text = renderReaping(facts, now)
    expect(text).toMatch(/^### 📝 Reaping: 1 of 1 environments would go\n\nThey cost \$0\.1000 per hour\.\n/)
    expect(summaryFaults(text)).toEqual([])
    expect(text).toContain('2 more belong to other owners')
    expect(text).toContain('- The bucket x stays.')
  })

  test('what is left to the next run is no part of it', () => {
    const text = renderReaping({ ...facts, chosen: [], later: [one] }, now)
    expect(text).toContain('0 of 1 environments would go')
    expect(text).toContain('| next run |')
  })

  test('what went wrong', () => {
    const text = renderReaping({ ...facts, dryRun: false, problems: ['no answer'] }, now)
    expect(text).toMatch(/^### ❌ Reaping: 1 of 1 environments were to go\n/)
    expect(text).toContain('- no answer')
  })
})
