import type { RegionStatus } from '@meridian/karmada'
import { describe, expect, test } from 'vitest'
import { createFailureJudge, LastingError } from '../../src/status/lasting-failures.ts'
import type { TemplateStatus } from '../../src/status/template-status.ts'

const region = (cluster: string, reason: string, lasting?: RegionStatus['lasting']): RegionStatus => ({
  cluster,
  replicas: undefined,
  ready: undefined,
  healthy: false,
  hostname: undefined,
  reason,
  lasting,
})
const statusOf = (kind: string, name: string, regions: RegionStatus[], reason = ''): TemplateStatus => ({
  template: { apiVersion: 'v1', kind, metadata: { name, namespace: 'shop' } },
  status: { done: false, reason, unbalanced: false, missed: [], regions },
})
const taken = statusOf('Service', 'web', [region('usa', ''), region('jpn', 'it is there already', 'taken')])
const late = statusOf('Deployment', 'web', [region('eur', '0/2 replicas ready')])

/** The seconds of the looks at which something is sent again, and at which it is given up; undefined where it never is. */
function runThrough(looks: readonly [second: number, statuses: TemplateStatus[], progress: string][]) {
  const giveUp = createFailureJudge()
  const sent: number[] = []
  for (const [second, statuses, progress] of looks) {
    try {
      if (giveUp(statuses, progress, second * 1000).length > 0) sent.push(second)
    } catch (error) {
      expect(error).toBeInstanceOf(LastingError)
      return { sent, end: second }
    }
  }
  return { sent, end: undefined }
}

describe('a wait ends early', () => {
  const every = (seconds: number[], statuses: TemplateStatus[], progress = (_: number) => 'same') =>
    seconds.map(second => [second, statuses, progress(second)] as [number, TemplateStatus[], string])

  test('where something lasts and nothing else moves, once it was sent again', () => {
    expect(runThrough(every([0, 2, 4, 6, 8, 10], [taken, late]))).toEqual({ sent: [4], end: 8 })
  })

  test('where a Job has failed, which nobody tries again', () => {
    const failed = statusOf('Job', 'migrate', [region('eur', 'has failed', 'failed')])
    expect(runThrough(every([0, 2, 4, 6], [failed]))).toEqual({ sent: [], end: 6 })
  })

  test('where an image has not come for a minute and a half', () => {
    const giveUp = createFailureJudge()
    const images = [
      { lasting: 'image', object: 'Deployment shop/web', cluster: 'eur', reason: 'c: not found' },
    ] as const
    expect(giveUp([late], 'same', 0, images)).toEqual([])
    expect(giveUp([late], 'same', 80_000, images)).toEqual([])
    expect(() => giveUp([late], 'same', 90_000, images)).toThrow('Deployment shop/web in eur: c: not found')
  })

  test('not on what has gone in between', () => {
    const looks = [...every([0, 3], [taken]), ...every([5], [late]), ...every([6, 9], [taken])]
    expect(runThrough(looks)).toEqual({ sent: [], end: undefined })
    const mended = [...every([0, 4], [taken]), ...every([5, 60], [late])]
    expect(runThrough(mended)).toEqual({ sent: [4], end: undefined })
  })

  test('not while other things move, but for two minutes each time', () => {
    const seconds = Array.from({ length: 80 }, (_, at) => at * 4)
    expect(runThrough(every(seconds, [taken, late], String))).toEqual({ sent: [120], end: 240 })
  })

  test('never for what may come right by itself', () => {
    expect(runThrough(every([0, 60, 600], [late])).end).toBeUndefined()
  })
})

test('all that lasts is told at once: what, where, why, and what to do', () => {
  const words = '0/3 clusters are available: 3 cluster(s) had untolerated taint {a: }.'
  const all = [
    taken,
    statusOf('Job', 'migrate', [region('eur', 'has failed: BackoffLimitExceeded', 'failed')]),
    statusOf('Secret', 'key', [region('eur', 'Secret "key" is invalid: data', 'refused')]),
    statusOf('ConfigMap', 'new', [region('usa', 'waiting to be scheduled', 'barred')], words),
    late,
  ]
  const giveUp = createFailureJudge()
  giveUp(all, '', 0)
  let error: unknown
  try {
    giveUp(all, '', 60_000)
  } catch (reason) {
    error = reason
  }
  expect((error as LastingError).message.split('\n')).toEqual([
    'the app does not arrive everywhere, and no waiting mends it:',
    '- Service shop/web in jpn: it is there already',
    '- Job shop/migrate in eur: has failed: BackoffLimitExceeded',
    '- Secret shop/key in eur: Secret "key" is invalid: data',
    `- ConfigMap shop/new in usa: ${words}`,
  ])
  expect((error as LastingError).fix).toMatch(
    /give it another name.*jpn has Service shop\/web already.*adopt: true.*Correct what eur refuses of Secret shop\/key.*placement: \{exclude: \[usa\]\}.*run this again\.$/,
  )
})
