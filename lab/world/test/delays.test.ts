import { expect, test } from 'vitest'
import { createDelays } from '../delays.ts'

test('notes what takes its time, in world seconds from now', () => {
  const delays = createDelays({ elapsed: () => 100 })
  delays.note('pod starts', 'usa.k8s.example.com', 15)
  expect(delays.list()).toEqual([{ what: 'pod starts', place: 'usa.k8s.example.com', from: 100, to: 115 }])
})

test.each([0, -1, Number.POSITIVE_INFINITY])('notes nothing that takes %d seconds', seconds => {
  const delays = createDelays({ elapsed: () => 0 })
  delays.note('pod starts', '', seconds)
  expect(delays.list()).toEqual([])
})

test('keeps the latest', () => {
  const delays = createDelays({ elapsed: () => 0 }, 2)
  for (const what of ['a', 'b', 'c']) delays.note(what, '', 1)
  expect(delays.list().map(({ what }) => what)).toEqual(['b', 'c'])
})
