import { allocateSeats } from '@meridian/lab-karmada/webster'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { desiredReplicas, isFairSplit } from '../../src/index.ts'

describe('replicas are divided', () => {
  test.each([
    [6, { usa: 1, eur: 1, jpn: 1 }, { usa: 2, eur: 2, jpn: 2 }],
    [7, { usa: 1, eur: 1, jpn: 1 }, { usa: 3, eur: 2, jpn: 2 }],
    [2, { usa: 1, eur: 1, jpn: 1 }, { usa: 1, eur: 1, jpn: 0 }],
    [6, { usa: 3, eur: 2, jpn: 1 }, { usa: 3, eur: 2, jpn: 1 }],
    [7, { usa: 3, eur: 2, jpn: 1 }, { usa: 4, eur: 2, jpn: 1 }],
    [2, { usa: 3, eur: 1 }, { usa: 1, eur: 1 }],
    [0, { usa: 1, eur: 1 }, { usa: 0, eur: 0 }],
    [4, { usa: 1 }, { usa: 4 }],
    [5, {}, {}],
  ])('%i over %j as %j', (total, weights, expected) => {
    expect(desiredReplicas(total, weights)).toEqual(expected)
  })
})

const weights = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.integer({ min: 1, max: 20 }), { minKeys: 1, maxKeys: 10 })
  .map(given => ({ ...given }))

describe('a split by fixed weights', () => {
  test('always has all replicas and is one that the rule can give', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), weights, (total, given) => {
        const split = desiredReplicas(total, given)
        expect(Object.values(split).reduce((sum, count) => sum + count, 0)).toBe(total)
        expect(isFairSplit(split, total, given)).toBe(true)
      }),
    )
  })

  test('is the one of an independent implementation, ties broken upwards by name', () => {
    const upwards = fc
      .integer({ min: 1, max: 50 })
      .chain(count =>
        fc
          .array(fc.integer({ min: 1, max: 9 }), { minLength: count, maxLength: count })
          .map(list => Object.fromEntries(list.map((each, at) => [`c${String(at).padStart(2, '0')}`, each]))),
      )
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), upwards, (total, given) => {
        expect(desiredReplicas(total, given)).toEqual(allocateSeats(total, given))
        expect(isFairSplit(allocateSeats(total, given, true), total, given)).toBe(true)
      }),
    )
  })

  test.each([10, 50])('gives each of %i equal clusters its share', count => {
    const given = Object.fromEntries(Array.from({ length: count }, (_, at) => [`c${at}`, 1]))
    expect(new Set(Object.values(desiredReplicas(3 * count, given)))).toEqual(new Set([3]))
    const fewer = Object.values(desiredReplicas(count - 1, given))
    expect(fewer.filter(share => share === 0)).toHaveLength(1)
  })

  test('differs by at most one between equal weights', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 50 }), (total, count) => {
        const given = Object.fromEntries(Array.from({ length: count }, (_, at) => [`c${at}`, 1]))
        const shares = Object.values(desiredReplicas(total, given))
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('is accepted whichever way a tie was decided', () => {
    expect(isFairSplit({ usa: 2, eur: 2, jpn: 3 }, 7, { usa: 1, eur: 1, jpn: 1 })).toBe(true)
    expect(isFairSplit({ eur: 1, jpn: 1 }, 2, { usa: 1, eur: 1, jpn: 1 })).toBe(true)
  })

  test.each([
    ['a missing region', { usa: 3, eur: 3 }, 6],
    ['too few', { usa: 2, eur: 2, jpn: 1 }, 6],
    ['uneven shares', { usa: 4, eur: 1, jpn: 1 }, 6],
    ['a stranger', { usa: 2, eur: 2, jpn: 1, aus: 1 }, 6],
  ])('is refused with %s', (_, split, total) => {
    expect(isFairSplit(split, total, { usa: 1, eur: 1, jpn: 1 })).toBe(false)
  })
})
