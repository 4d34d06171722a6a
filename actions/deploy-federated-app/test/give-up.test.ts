import type { RegionStatus } from '@meridian/karmada'
import { describe, expect, test } from 'vitest'
import { createGiveUp, LastingError } from '../src/give-up.ts'
import type { Arrival } from '../src/wait-done.ts'

const region = (cluster: string, reason: string, lasting?: RegionStatus['lasting']): RegionStatus => ({
  cluster,
  replicas: undefined,
  ready: undefined,
  healthy: false,
  hostname: undefined,
  reason,
  lasting,
})
const arrival = (kind: string, name: string, regions: RegionStatus[], reason = ''): Arrival => ({
  template: { apiVersion: 'v1', kind, metadata: { name, namespace: 'shop' } },
  status: { done: false, reason, unbalanced: false, missed: [], regions },
})
const taken = arrival('Service', 'web', [region('usa', ''), region('jpn', 'it is there already', 'taken')])
const late = arrival('Deployment', 'web', [region('eur', '0/2 replicas ready')])

/** The second of the first look at which it is given up; undefined where it never is. */
function secondOfEnd(looks: readonly [second: number, arrivals: Arrival[], progress: string][]) {
  const giveUp = createGiveUp()
  for (const [second, arrivals, progress] of looks) {
    try {
      giveUp(arrivals, progress, second * 1000)
    } catch (error) {
      expect(error).toBeInstanceOf(LastingError)
      return second
    }
  }
  return undefined
}

describe('a wait ends early', () => {
  const every = (seconds: number[], arrivals: Arrival[], progress = (_: number) => 'same') =>
    seconds.map(second => [second, arrivals, progress(second)] as [number, Arrival[], string])

  test('where something lasts, and nothing else moves', () => {
    expect(secondOfEnd(every([0, 2, 4, 6, 8], [taken, late]))).toBe(6)
  })

  test('not on what has gone in between', () => {
    const looks = [...every([0, 4], [taken]), ...every([5], [late]), ...every([6, 10], [taken])]
    expect(secondOfEnd(looks)).toBeUndefined()
  })

  test('not while other things move, but for two minutes', () => {
    const seconds = Array.from({ length: 40 }, (_, at) => at * 4)
    expect(secondOfEnd(every(seconds, [taken, late], String))).toBe(120)
  })

  test('never for what may come right by itself', () => {
    expect(secondOfEnd(every([0, 60, 600], [late]))).toBeUndefined()
  })
})

test('all that lasts is told at once: what, where, why, and what to do', () => {
  const words = '0/3 clusters are available: 3 cluster(s) had untolerated taint {a: }.'
  const all = [
    taken,
    arrival('Job', 'migrate', [region('eur', 'has failed: BackoffLimitExceeded', 'failed')]),
    arrival('Secret', 'key', [region('eur', 'Secret "key" is invalid: data', 'refused')]),
    arrival('ConfigMap', 'new', [region('usa', 'waiting to be scheduled', 'barred')], words),
    late,
  ]
  const giveUp = createGiveUp()
  giveUp(all, '', 0)
  let error: unknown
  try {
    giveUp(all, '', 60_000)
  } catch (reason) {
    error = reason
  }
  expect((error as LastingError).message.split('\n')).toEqual([
    'what no waiting mends:',
    '- Service shop/web in jpn: it is there already',
    '- Job shop/migrate in eur: has failed: BackoffLimitExceeded',
    '- Secret shop/key in eur: Secret "key" is invalid: data',
    `- ConfigMap shop/new in usa: ${words}`,
  ])
  expect((error as LastingError).fix).toMatch(
    /give it another name.*jpn has Service shop\/web already.*adopt: true.*Correct what eur refuses of Secret shop\/key.*placement: \{exclude: \[usa\]\}.*run this again\.$/,
  )
})
