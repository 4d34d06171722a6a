import { setTimeout as pause } from 'node:timers/promises'
import { hurryTimers } from '@meridian/lab-world/testing'
import { describe, expect, test } from 'vitest'

const hour = 3_600_000

describe('while timers are hurried', () => {
  hurryTimers(1_000_000)

  test('a pause of an hour is over at once, with its value', async () => {
    expect(await pause(hour, 'over')).toBe('over')
  })
})

test('afterwards it is not', async () => {
  const signal = AbortSignal.timeout(20)
  await expect(pause(hour, undefined, { signal })).rejects.toThrow('aborted')
})
