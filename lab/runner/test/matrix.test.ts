import { describe, expect, test } from 'vitest'
import { expandMatrix, legName } from '../matrix.ts'

describe('a matrix', () => {
  test('is the product of its vectors', () => {
    expect(expandMatrix({ a: [1, 2], b: ['x', 'y'] })).toEqual([
      { a: 1, b: 'x' },
      { a: 1, b: 'y' },
      { a: 2, b: 'x' },
      { a: 2, b: 'y' },
    ])
  })

  test('loses what exclude describes, in part or whole', () => {
    expect(expandMatrix({ a: [1, 2], b: ['x', 'y'], exclude: [{ a: 1 }, { a: 2, b: 'x' }] })).toEqual([
      { a: 2, b: 'y' },
    ])
  })

  test('is extended by include where its own values agree, else gets a new combination', () => {
    const include = [{ colour: 'red' }, { a: 1, size: 's' }, { a: 3 }]
    expect(expandMatrix({ a: [1, 2], include })).toEqual([
      { a: 1, colour: 'red', size: 's' },
      { a: 2, colour: 'red' },
      { a: 3 },
    ])
  })

  test('may consist of include alone', () => {
    expect(expandMatrix({ include: [{ a: 1 }] })).toEqual([{ a: 1 }])
  })

  test.each([
    [{ a: [] }, "matrix vector 'a' does not contain any values"],
    [{ a: 'x' }, "matrix vector 'a' does not contain any values"],
    [{ a: [1], exclude: [{ a: 1 }] }, 'does not contain any combination'],
    [{ a: Array.from({ length: 257 }, (_, at) => at) }, '256 are allowed'],
  ])('%j is refused', (matrix, message) => {
    expect(() => expandMatrix(matrix)).toThrow(message)
  })

  test('names a leg by the scalars in it', () => {
    expect(legName('clusters', { cluster: { name: 'usa', zones: ['us-east-1a'] } })).toBe(
      'clusters (usa, us-east-1a)',
    )
  })
})
