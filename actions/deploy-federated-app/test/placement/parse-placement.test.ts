import { describe, expect, test } from 'vitest'
import { namedClusters, placement } from '../../src/placement/parse-placement.ts'

describe('a placement', () => {
  test.each([
    ['even', { mode: 'even' }],
    ['duplicate', { mode: 'duplicate' }],
    ['dynamic', { mode: 'dynamic' }],
    ['weights: {usa: 2, eur: 1}', { mode: 'weights', weights: { usa: 2, eur: 1 } }],
    ['{"only":["usa"]}', { mode: 'even', only: ['usa'] }],
    ['{weights: {usa: 1}, exclude: [eur]}', { mode: 'weights', weights: { usa: 1 }, exclude: ['eur'] }],
    ['mode: duplicate\nonly: [usa, eur]', { mode: 'duplicate', only: ['usa', 'eur'] }],
    [
      '{exclude: [jpn], kinds: {Job: duplicate, CronJob: {only: [usa]}, Pod: {weights: {usa: 1}}}}',
      {
        mode: 'even',
        exclude: ['jpn'],
        kinds: {
          Job: { mode: 'duplicate' },
          CronJob: { mode: 'even', only: ['usa'] },
          Pod: { mode: 'weights', weights: { usa: 1 } },
        },
      },
    ],
  ])('%j is read', (raw, expected) => {
    expect(placement(raw)).toEqual(expected)
  })

  test.each([
    ['sideways', 'must be even, dynamic, duplicate, or YAML'],
    ['mode: sideways', 'must be one of even, dynamic, duplicate'],
    ['weights: {usa: -1}', 'weights.usa'],
    ['weights: {usa: 1.5}', 'must be a whole number'],
    ['weights: {usa: 0}', 'must have a weight above 0'],
    ['{mode: even, weights: {usa: 1}}', 'must have either weights or mode'],
    ['only: []', 'only'],
    ['{only: [usa], exclude: [eur]}', 'must have either only or exclude'],
    ['only: [--evil]', 'must be a label'],
    ['spread: wide', 'must be even, dynamic, duplicate, or YAML'],
    ['kinds: {Job: sideways}', 'kinds.Job: must be even, dynamic, duplicate, or YAML'],
    ['kinds: {jobs: even}', "kinds.jobs: must not have the key 'jobs'"],
    ['kinds: {Job: {only: [usa], exclude: [eur]}}', 'kinds.Job: must have either only or exclude'],
    ['kinds: {Job: {kinds: {Job: even}}}', 'kinds.Job'],
  ])('%j is refused', (raw, message) => {
    expect(() => placement(raw)).toThrow(message)
  })
})

test('the clusters that a placement names are those of its kinds, too', () => {
  expect(namedClusters(placement('{weights: {usa: 1}, kinds: {Job: {only: [eur, usa]}}}'))).toEqual([
    'usa',
    'eur',
  ])
})
