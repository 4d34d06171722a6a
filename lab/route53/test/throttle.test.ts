import { setTimeout as sleep } from 'node:timers/promises'
import { createWorld } from '@meridian/lab-world'
import { expect, test } from 'vitest'
import { createThrottle } from '../throttle.ts'

const isAdmitted = (take: () => void) => {
  try {
    take()
    return true
  } catch {
    return false
  }
}

test('at the speed of the service, the quota fills up by the clock that clients wait by', async () => {
  const world = createWorld({ scale: 1 })
  const take = createThrottle(world.clock, 5)
  const began = performance.now()
  let admitted = 0
  while (performance.now() - began < 1_000) {
    if (isAdmitted(take)) admitted += 1
    await sleep(10)
  }
  const seconds = (performance.now() - began) / 1_000
  // Five at once, and five in each second after.
  expect(admitted).toBeGreaterThanOrEqual(Math.floor(5 + 5 * (seconds - 0.1)))
  expect(admitted).toBeLessThanOrEqual(5 + 5 * seconds)
  world.close()
})

test.each([1, 60])('at %i times that speed it is so many requests of the world as ever', speed => {
  let now = 0
  const take = createThrottle({ elapsed: () => now * speed } as never, 5)
  const admitted = Array.from({ length: 1_000 }, () => {
    now += 1 / speed / 100
    return isAdmitted(take)
  })
  expect(admitted.filter(Boolean).length).toBeCloseTo(5 + 5 * 10, -0.5)
})
