import { describe, expect, test } from 'vitest'
import { allocateSeats, breaksTiesDescending } from '../webster.ts'

describe('allocateSeats', () => {
  test.each([
    ['six over three equals', 6, { usa: 1, eur: 1, jpn: 1 }, { usa: 2, eur: 2, jpn: 2 }],
    ['six over two equals', 6, { usa: 1, eur: 1 }, { usa: 3, eur: 3 }],
    [
      'seven over three equals, the first name taking the odd one',
      7,
      { b: 1, a: 1, c: 1 },
      { a: 3, b: 2, c: 2 },
    ],
    ['by weight', 6, { usa: 3, eur: 2, jpn: 1 }, { usa: 3, eur: 2, jpn: 1 }],
    ['a small weight that earns nothing', 3, { usa: 10, eur: 10, jpn: 1 }, { usa: 1, eur: 2, jpn: 0 }],
    ['a weight of zero', 4, { usa: 1, eur: 0 }, { usa: 4, eur: 0 }],
    ['no weights at all', 4, { usa: 0 }, { usa: 0 }],
    ['no seats', 0, { usa: 1 }, { usa: 0 }],
  ])('%s', (_case, seats, votes, expected) => {
    const total = Object.values(votes).some(weight => weight > 0) ? seats : 0
    const held = allocateSeats(seats, votes)
    expect(held).toEqual(expected)
    expect(Object.values(held).reduce((sum, each) => sum + each, 0)).toBe(total)
  })

  test('breaks ties from the end of the alphabet when asked to', () => {
    expect(allocateSeats(4, { a: 1, b: 1, c: 1 }, true)).toEqual({ a: 1, b: 1, c: 2 })
  })
})

test('the direction of ties depends on the uid, and is the same each time', () => {
  const directions = Array.from({ length: 20 }, (_, index) => breaksTiesDescending(`uid-${index}`))
  expect(new Set(directions).size).toBe(2)
  expect(directions).toEqual(Array.from({ length: 20 }, (_, index) => breaksTiesDescending(`uid-${index}`)))
})
