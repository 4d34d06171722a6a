import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inParallel } from '../../src/index.ts'

test('results come in the order of the items, whichever is done first', async () => {
  const gate = Promise.withResolvers<void>()
  const done = inParallel([1, 2, 3], async item => {
    if (item === 1) await gate.promise
    if (item === 3) gate.resolve()
    return item * 10
  })
  expect(await done).toEqual([10, 20, 30])
})

test('after one has failed nothing more is begun: what a run says of its end stays true', async () => {
  const begun: number[] = []
  const work = async (item: number) => {
    begun.push(item)
    await setImmediate()
    if (item === 2) throw new Error('refused')
  }
  await expect(inParallel([1, 2, 3, 4, 5, 6], work, 2)).rejects.toThrow('refused')
  const before = [...begun]
  for (let turn = 0; turn < 10; turn += 1) await setImmediate()
  expect(begun).toEqual(before)
})

test('what is under way when one fails has ended before that is told, and the first failure is told', async () => {
  const gate = Promise.withResolvers<void>()
  const ended: number[] = []
  const doing = inParallel([1, 2, 3], async item => {
    if (item === 1) throw new Error('refused')
    await gate.promise
    ended.push(item)
    if (item === 2) throw new Error('refused later')
  })
  const told = doing.catch((error: Error) => `${error.message} after ${ended}`)
  for (let turn = 0; turn < 10; turn += 1) await setImmediate()
  gate.resolve()
  expect(await told).toBe('refused after 2,3')
})
