import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'
import { afterAll, beforeAll } from 'vitest'

/**
 * Lets pauses by `node:timers/promises` pass so many times as fast while the tests of a file run, also in modules that have
 * been loaded before. A tool's time limit is such a pause, too: not for tests that run tools.
 */
export function hurryTimers(times: number): void {
  const own = timers.setTimeout
  beforeAll(() => use((delay = 0, ...rest) => own(delay / times, ...rest)))
  afterAll(() => use(own))
}

function use(setTimeout: typeof timers.setTimeout): void {
  timers.setTimeout = setTimeout
  syncBuiltinESMExports()
}
