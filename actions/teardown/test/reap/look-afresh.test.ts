import { expect, test } from 'vitest'
import { shareRuns } from '../../src/reap/look-afresh.ts'

test('whoever asks gets what was begun after he asked, together with all who wait', async () => {
  const begun: (() => void)[] = []
  const runs = shareRuns(
    () =>
      new Promise<number>(resolve => {
        const number = begun.length + 1
        begun.push(() => resolve(number))
      }),
  )
  const first = [runs(), runs()]
  await Promise.resolve()
  const second = [runs(), runs()]
  expect(begun).toHaveLength(1)
  begun[0]?.()
  expect(await Promise.all(first)).toEqual([1, 1])
  begun[1]?.()
  expect(await Promise.all(second)).toEqual([2, 2])
})

test('a run that fails fails those who have waited for it, and no other', async () => {
  let count = 0
  const runs = shareRuns(async () => {
    count += 1
    if (count === 1) throw new Error('no')
    return count
  })
  await expect(runs()).rejects.toThrow('no')
  expect(await runs()).toBe(2)
})
