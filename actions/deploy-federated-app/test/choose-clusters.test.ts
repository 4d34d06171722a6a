import { describe, expect, test } from 'vitest'
import { resolveNames } from '../src/choose-clusters.ts'

const members = ['eur', 'jpn', 'usa']

describe('the clusters of an app', () => {
  test.each([
    ['all members where none are listed', { mode: 'even' as const }, undefined, members],
    ['those that are listed, in their order', { mode: 'even' as const }, ['usa', 'eur'], ['usa', 'eur']],
    [
      'those with a weight',
      { mode: 'weights' as const, weights: { usa: 1, eur: 0 } },
      ['usa', 'eur'],
      ['usa'],
    ],
    ['those that remain', { mode: 'even' as const, only: ['jpn'] }, undefined, ['jpn']],
  ])('are %s', (_, placement, listed, expected) => {
    expect(resolveNames(placement, members, listed)).toEqual(expected)
  })

  test('must be members', () => {
    expect(() => resolveNames({ mode: 'even' }, members, ['usa', 'aus'])).toThrow(
      'aus: not a member of the federation',
    )
    expect(() => resolveNames({ mode: 'even', only: ['aus'] }, members, undefined)).toThrow(
      'aus: not a member',
    )
  })

  test('must be some', () => {
    expect(() => resolveNames({ mode: 'even' }, [], undefined)).toThrow('there is no cluster to deploy to')
    expect(() => resolveNames({ mode: 'even', only: ['jpn'] }, members, ['usa'])).toThrow('no cluster')
  })
})
