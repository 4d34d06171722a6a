import { startUniverse, type Universe } from '@meridian/lab-universe'
import { expect, onTestFinished, test, vi } from 'vitest'
import { listOf } from '../tenants/tenant-world.ts'
import { findLies } from './find-lies.ts'
import { createQuickWorld } from './quick-world.ts'
import { openShop } from './shop.ts'

/** World seconds in a real one: what a slow machine takes does not count. */
const scale = 0.2
let universe: Universe
const waits: number[] = []

// Whoever waits for GitHub lets its time pass at once; those who wait for the same time do so together.
vi.mock(import('../../../packages/runner/src/wait/wait.ts'), async original => ({
  ...(await original()),
  pause: async milliseconds => {
    waits.push(milliseconds / 1000)
    const until = universe.world.clock.elapsed() + (milliseconds / 1000) * scale
    await new Promise(resolve => setImmediate(resolve))
    const left = until - universe.world.clock.elapsed()
    if (left > 0) universe.world.clock.skip(left)
  },
}))

test('ten pull requests that are opened and pushed to in a minute exceed what GitHub lets a repository write, and all end true', async () => {
  universe = await startUniverse({ scale })
  onTestFinished(() => universe.close())
  const quick = createQuickWorld(
    () => false,
    () => Promise.resolve(),
  )
  const flows = await openShop(universe, {
    ...{ clusters: listOf('usa', 'eur'), env: {}, with: {} },
    perform: quick.perform,
  })
  const { repository } = flows
  const numbers = Array.from({ length: 10 }, () => repository.openPull())
  await flows.atRest()
  for (const number of numbers) repository.push(number)
  await flows.atRest()
  expect(findLies(repository, quick.look, () => true)).toEqual([])
  expect(flows.runs.filter(({ result }) => result !== 'success')).toEqual([])

  const refused = universe.world.requests.all().filter(({ status }) => status === 403)
  expect(refused.length).toBeGreaterThan(0)
  expect(waits.length).toBeGreaterThan(0)
  // Nobody asks again before GitHub wants to be asked, and nobody waits longer than it wants.
  expect(universe.github.askedTooSoon()).toEqual([])
  expect(Math.max(...waits)).toBeLessThanOrEqual(60 / scale)
})
