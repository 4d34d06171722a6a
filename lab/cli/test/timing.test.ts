import { describe, expect, test } from 'vitest'
import type { ReportDelay, ReportJob, ReportStep } from '../lab-report.ts'
import { coveredSeconds, criticalPath, delaysOf, mergeSpans, realClock } from '../timing.ts'

const step: ReportStep = { name: 'work', result: 'success', startedAt: 0, seconds: 0, summary: '', log: [] }
const job = (id: string, needs: string[], from: number, to: number, name = id): ReportJob => ({
  workflow: 'Up',
  id,
  name,
  needs,
  result: 'success',
  startedAt: from,
  seconds: to - from,
  steps: [step],
})
const delay = (from: number, to: number, place = ''): ReportDelay => ({ what: 'pod starts', place, from, to })
const clusters = [
  { name: 'usa', region: 'us-east-1', ready: true, nodes: 2 },
  { name: 'eur', region: 'eu-west-1', ready: true, nodes: 2 },
]
const [usa, eur] = [job('clusters', [], 0, 10, 'cluster usa'), job('clusters', [], 0, 8, 'cluster eur')]
const app = job('app', ['clusters'], 10, 14)
const jobs = [usa, eur, app]

test.each([
  [
    'overlap',
    [
      [1, 3],
      [2, 5],
    ],
    [[1, 5]],
  ],
  [
    'touch',
    [
      [3, 4],
      [1, 3],
    ],
    [[1, 4]],
  ],
  [
    'lie in each other',
    [
      [1, 9],
      [2, 3],
    ],
    [[1, 9]],
  ],
  [
    'lie apart',
    [
      [5, 6],
      [1, 2],
    ],
    [
      [1, 2],
      [5, 6],
    ],
  ],
  ['are empty', [[2, 2]], []],
])('spans that %s are one', (_, given, expected) => {
  const spans = given.map(([from = 0, to = 0]) => ({ from, to }))
  expect(mergeSpans(spans).map(({ from, to }) => [from, to])).toEqual(expected)
})

test('what spans cover of another is counted', () => {
  const spans = [
    { from: 0, to: 2 },
    { from: 3, to: 9 },
  ]
  expect(coveredSeconds(spans, { from: 1, to: 4 })).toBe(2)
})

describe('a delay belongs to', () => {
  test.each([
    ['the job whose cluster it is of', 'usa.k8s.example.com', ['cluster usa']],
    ['the job whose cluster is in its region', 'eu-west-1', ['cluster eur']],
    ['all that run, where none is named', '', ['cluster usa', 'cluster eur']],
  ])('%s', (_, place, expected) => {
    const facts = { jobs, delays: [delay(1, 2, place)], clusters }
    expect(jobs.filter(each => delaysOf(each, facts).length > 0).map(({ name }) => name)).toEqual(expected)
  })

  test('the only job that runs, wherever it is', () => {
    expect(delaysOf(app, { jobs, delays: [delay(11, 12, 'eur.k8s.example.com')], clusters })).toHaveLength(1)
  })

  test('nobody when it began before', () => {
    expect(delaysOf(app, { jobs, delays: [delay(9, 12)], clusters })).toEqual([])
  })
})

describe('the critical path', () => {
  test('leads back from the last job to whichever was needed last, with what each waited', () => {
    const delays = [delay(1, 5, 'usa.k8s.example.com'), delay(4, 6, 'usa.k8s.example.com'), delay(12, 99)]
    const path = criticalPath('Up', { jobs, delays, clusters })
    expect(path?.jobs.map(({ job: { name }, waited }) => [name, waited])).toEqual([
      ['cluster usa', 5],
      ['app', 2],
    ])
    expect(path).toMatchObject({ seconds: 14, waited: 7 })
  })

  test('does not go through jobs that were skipped', () => {
    const skipped = { ...app, steps: [] }
    const path = criticalPath('Up', { jobs: [usa, skipped], delays: [], clusters })
    expect(path?.jobs.map(({ job: { name } }) => name)).toEqual(['cluster usa'])
  })

  test('is none where no job ran', () => {
    expect(criticalPath('Up', { jobs: [], delays: [], clusters })).toBeUndefined()
  })
})

test('in the real world waits take longer, and work as long as here', () => {
  const real = realClock({ jobs, delays: [delay(11, 12)], clusters, scale: 60 })
  expect(real({ from: 10, to: 14 })).toBe(3 + 60)
  expect(real({ from: 0, to: 10 })).toBe(10)
})
