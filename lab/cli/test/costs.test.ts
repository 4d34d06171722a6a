import { expect, test } from 'vitest'
import { costsOf } from '../costs.ts'

const real = ({ from, to }: { from: number; to: number }) => (to - from) * 3600

test('the cost of each type is that of all its things, the most at a time that of those side by side', () => {
  const things = [
    { type: 'volume', hourlyCost: 0.5, from: 0, to: 1 },
    { type: 'instance', hourlyCost: 1, from: 0, to: 2 },
    { type: 'instance', hourlyCost: 2, from: 1, to: 2 },
    { type: 'instance', hourlyCost: 4, from: 2, to: 3 },
    { type: 'bucket', hourlyCost: 0, from: 0, to: 9 },
  ]
  expect(costsOf(things, real)).toEqual([
    { type: 'instance', count: 2, hourlyCost: 4, cost: 8 },
    { type: 'volume', count: 1, hourlyCost: 0.5, cost: 0.5 },
  ])
})

test('nothing costs nothing', () => {
  expect(costsOf([], real)).toEqual([])
})
