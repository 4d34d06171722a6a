import { describe, expect, test } from 'vitest'
import {
  drawPause,
  gapOf,
  noteAdmitted,
  noteRefused,
  type Pace,
  pauseOf,
  unhindered,
} from '../../src/zone/pace.ts'
import { applyInCrowd } from './crowd.ts'

const after = (...answers: ('admitted' | 'refused')[]): Pace =>
  answers.reduce(
    (pace, answer) => (answer === 'admitted' ? noteAdmitted(pace) : noteRefused(pace)),
    unhindered,
  )

test.each([
  [[], [0, 0]],
  [
    ['admitted', 'admitted'],
    [0, 0],
  ],
  [['refused'], [500, 1_500]],
  [
    ['refused', 'admitted', 'admitted'],
    [500, 1_500],
  ],
] as const)('after %j the next request waits for %j ms', (answers, [least, most]) => {
  expect(gapOf(after(...answers))).toEqual({ least, most })
})

test.each([
  [['refused'], [0, 60_000]],
  [
    ['admitted', 'refused'],
    [0, 60_000],
  ],
  [
    ['refused', 'refused'],
    [2_000, 8_000],
  ],
  [
    ['refused', 'admitted', 'refused'],
    [2_000, 8_000],
  ],
  [
    ['refused', 'refused', 'refused'],
    [2_000, 12_000],
  ],
  [Array.from({ length: 30 }, () => 'refused' as const), [2_000, 30_000]],
] as const)('after %j the refused one waits for %j ms', (answers, [least, most]) => {
  expect(pauseOf(after(...answers))).toEqual({ least, most })
})

test.each([
  [60_000, 0.5, 5_000],
  [60_000, 0, 2_000],
  [4_000, 0.5, 3_000],
  [2_000, 0.9, 2_000],
  [1_999, 0.9, undefined],
])('of 2 to 8 s, with %i ms left, the lot %d draws %s', (left, lot, pause) => {
  expect(drawPause({ least: 2_000, most: 8_000 }, left, () => lot)).toBe(pause)
})

describe('clients that share nothing but the five requests a second of their account', () => {
  type Told = ReturnType<typeof applyInCrowd>
  const seeds = 10
  const runs = (crowd: Parameters<typeof applyInCrowd>[0]) =>
    Array.from({ length: seeds }, (_, seed) => applyInCrowd({ ...crowd, seed }))
  const sum = (told: readonly Told[], of: keyof Told) => told.reduce((total, run) => total + run[of], 0)

  test.each([
    { clients: 100, within: 8, zones: 100, time: 1.2, refused: 0.34, asked: 460 },
    { clients: 100, within: 8, zones: 1, time: 1.3, refused: 0.37, asked: 530 },
    { clients: 100, within: 0, zones: 100, time: 1.2, refused: 0.36, asked: 470 },
    { clients: 100, within: 15, zones: 100, time: 1.3, refused: 0.31, asked: 440 },
    { clients: 300, within: 8, zones: 300, time: 1.2, refused: 0.77, asked: 3_700 },
  ])('$clients of them within $within s in $zones zones', ({ clients, within, zones, ...most }) => {
    const told = runs({ clients, within, zones })
    const quota = (seeds * clients * 3) / 5
    expect(sum(told, 'seconds') / quota).toBeLessThan(most.time)
    expect(sum(told, 'refused') / sum(told, 'asked')).toBeLessThan(most.refused)
    expect(sum(told, 'asked') / seeds).toBeLessThan(most.asked)
  })

  test('a few of them end soon after the longest pause', () => {
    for (const { seconds } of runs({ clients: 10, within: 8, zones: 1 })) expect(seconds).toBeLessThan(80)
  })

  test('somebody else who asks once a second is hardly refused', () => {
    const told = runs({ clients: 100, within: 8, zones: 100, bystander: true })
    expect(sum(told, 'bystanderRefused') / sum(told, 'bystanderAsked')).toBeLessThan(0.2)
  })

  test('one alone is never kept waiting', () => {
    expect(sum(runs({ clients: 1, within: 0, zones: 1 }), 'seconds') / seeds).toBeCloseTo(0.45)
  })
})
