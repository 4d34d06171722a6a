import * as fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { type Actor, openHistory, places, repositories } from './history-world.ts'

// The actions' waits pass a hundred times as fast.
vi.mock('node:timers/promises', async original => {
  const timers = await original<typeof import('node:timers/promises')>()
  const setTimeout: typeof timers.setTimeout = (delay = 0, ...rest) => timers.setTimeout(delay / 100, ...rest)
  return { ...timers, setTimeout }
})

/** What passes when it is tried again, and what does not. */
const passing = ['throttle', 'error', 'reset-before', 'reset-after', 'truncate', 'gateway'] as const
const lasting = ['denied', 'proxy-404', 'proxy-page', 'empty-200'] as const

const actor: fc.Arbitrary<Actor> = fc.record({
  repository: fc.constantFrom(...repositories),
  place: fc.constantFrom(...places),
})
const step = fc.record({
  actor,
  what: fc.constantFrom(
    'create',
    'create',
    'apply',
    'apply',
    'destroy',
    'drain',
    'whole',
    'part',
    'force',
    'reap',
  ),
  expired: fc.boolean(),
  fault: fc.option(
    fc.oneof(
      fc.record({ failure: fc.constantFrom(...passing, ...lasting), nth: fc.integer({ min: 1, max: 12 }) }),
      fc.record({
        failure: fc.constantFrom(...lasting),
        nth: fc.integer({ min: 1, max: 12 }),
        times: fc.constant(Number.POSITIVE_INFINITY),
      }),
    ),
    { nil: undefined },
  ),
})

test('by whatever history of runs and faults, nothing of one disappears or changes through another', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async steps => {
      const history = await openHistory()
      try {
        for (const one of steps) expect(await history.take(one)).toEqual([])
      } finally {
        vi.unstubAllEnvs()
        await history.close()
      }
    }),
    { numRuns: 20, seed: 20_261_128 },
  )
})
