import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { covers, listDifferences } from '../../src/index.ts'

describe('an object covers what is stated', () => {
  test.each([
    ['equal scalars', 1, 1, true],
    ['other scalars', 1, 2, false],
    ['fields of the server', { a: 1, b: 2 }, { a: 1 }, true],
    ['a missing field', { b: 2 }, { a: 1 }, false],
    ['items that hold more', [{ a: 1, b: 2 }], [{ a: 1 }], true],
    ['a longer list', [1, 2], [1], false],
    ['an empty list that the server dropped', {}, { a: [] }, true],
    ['an empty mapping that the server dropped', {}, { a: {} }, true],
    ['an empty list where there is something', { a: [1] }, { a: [] }, false],
    ['null for nothing', {}, { a: null }, true],
    ['undefined for unstated', { a: 1 }, { a: undefined }, true],
    ['number and text', { a: '1' }, { a: 1 }, false],
  ])('with %s', (_, actual, desired, expected) => {
    expect(covers(actual, desired)).toBe(expected)
  })

  test('just where no field differs', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (actual, desired) => {
        expect(covers(actual, desired)).toBe(listDifferences(actual, desired).length === 0)
        expect(covers(actual, actual)).toBe(true)
      }),
    )
  })

  test('and otherwise each difference is named by its path', () => {
    const actual = { spec: { ports: [{ port: 80 }] }, metadata: { labels: {} } }
    const desired = { spec: { ports: [{ port: 81 }] }, metadata: { labels: { 'app/x': 'y' } } }
    expect(listDifferences(actual, desired)).toEqual([
      { path: 'spec.ports[0].port', actual: 80, desired: 81 },
      { path: 'metadata.labels["app/x"]', actual: undefined, desired: 'y' },
    ])
  })
})
