import { until } from '@meridian/lab-world'
import { expect, test } from 'vitest'

/** A clock that tells for how many world seconds it was slept. */
function sleeper(scale: number) {
  const slept: number[] = []
  return { scale, slept, sleep: async (seconds: number) => void slept.push(seconds) }
}

test('what is there at once is not waited for', async () => {
  const clock = sleeper(1)
  expect(await until(clock, () => 'there')).toBe('there')
  expect(clock.slept).toEqual([])
})

test('however fast the world is, ten real milliseconds lie between two looks', async () => {
  const clock = sleeper(10_000)
  let looks = 0
  expect(await until(clock, () => (++looks === 3 ? looks : undefined))).toBe(3)
  expect(clock.slept).toHaveLength(2)
  for (const seconds of clock.slept) expect(seconds).toBeGreaterThanOrEqual(100)
})

test('after a look that takes long four times as long is waited', async () => {
  const clock = sleeper(1)
  let looks = 0
  const slow = () =>
    new Promise<number | undefined>(done => setTimeout(done, 50, ++looks === 2 ? looks : undefined))
  expect(await until(clock, slow)).toBe(2)
  expect(clock.slept[0]).toBeGreaterThan(0.15)
})
