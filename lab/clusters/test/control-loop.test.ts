import { createClock } from '@meridian/lab-world'
import { expect, onTestFinished, test } from 'vitest'
import { type ControlLoop, paced, startControlLoop } from '../control-loop.ts'

function loopWith(reconcile: (key: string) => Promise<number | undefined> | number | undefined): ControlLoop {
  const clock = createClock(10_000)
  const loop = startControlLoop({ clock, reconcile })
  onTestFinished(() => {
    loop.stop()
    clock.stop()
  })
  return loop
}

function calls<T>(count: number): { call(value: T): void; done: Promise<T[]> } {
  const seen: T[] = []
  const { promise, resolve } = Promise.withResolvers<T[]>()
  return {
    call(value) {
      seen.push(value)
      if (seen.length === count) resolve(seen)
    },
    done: promise,
  }
}

test('several requests for a key are one look', async () => {
  const looks = calls<string>(2)
  const loop = loopWith(key => void looks.call(key))
  loop.add('a')
  loop.add('a')
  loop.add('b')
  expect(await looks.done).toEqual(['a', 'b'])
})

test('a failed look is repeated', async () => {
  const looks = calls<string>(3)
  const loop = loopWith(key => {
    looks.call(key)
    throw new Error('not yet')
  })
  loop.add('a')
  expect(await looks.done).toEqual(['a', 'a', 'a'])
})

test('a key is never looked at twice at once, and changes meanwhile are not lost', async () => {
  const looks = calls<number>(2)
  let active = 0
  const loop = loopWith(async key => {
    active += 1
    looks.call(active)
    if (key === 'a') loop.add('a')
    await Promise.resolve()
    active -= 1
    return undefined
  })
  loop.add('a')
  expect(await looks.done).toEqual([1, 1])
})

test('a slow key does not hold up another', async () => {
  const looks = calls<string>(2)
  const loop = loopWith(key => {
    looks.call(key)
    return key === 'slow' ? new Promise<undefined>(() => {}) : undefined
  })
  loop.add('slow')
  loop.add('quick')
  expect(await looks.done).toEqual(['slow', 'quick'])
})

test('a key asks to be looked at again after some time', async () => {
  const looks = calls<string>(3)
  const loop = loopWith(key => {
    looks.call(key)
    return 1
  })
  loop.add('a')
  expect(await looks.done).toHaveLength(3)
})

test('a pause is never shorter than its real minimum', () => {
  expect(paced({ scale: 1 }, 10, 0.25)).toBe(10)
  expect(paced({ scale: 1000 }, 10, 0.25)).toBe(250)
})
