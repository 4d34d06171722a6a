import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openShop } from './open-github.ts'

/** GitHub lets all jobs of a repository make 1,000 requests an hour together. */

let universe: Universe
beforeAll(async () => {
  universe = await startUniverse({ scale: 1_000_000 })
})
afterAll(() => universe.close())

const countOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = universe.world.requests.all().length
  await work()
  return universe.world.requests.all().length - before
}

test('a run takes no more requests after many pushes than after two', async () => {
  const shop = openShop(universe)
  const counts: number[] = []
  for (let push = 0; push < 6; push += 1) {
    shop.repository.push(1)
    await shop.act({ state: 'updating' })
    counts.push(await countOf(() => shop.act({ state: 'ready', url: 'http://web.pr-1.k8s.example.com' })))
  }
  expect(shop.deployments()).toEqual([...Array(5).fill('inactive'), 'success'])
  expect(counts.slice(2)).toEqual(Array(4).fill(counts[2]))
})

test('a sweep asks once for each environment that has no claim, and not for those that have', async () => {
  const shop = openShop(universe)
  for (const _push of [1, 2, 3]) {
    shop.repository.push(1)
    await shop.act({ state: 'ready' })
  }
  const { name } = shop.repository.holdings
  const claim = { domain: universe.domain, repository: name, environment: 'pr-1', pullRequest: '1' }
  const stands = JSON.stringify([{ ...claim, gone: false, reason: 'it stays' }])
  expect(await countOf(() => shop.act({ mode: 'sweep', environments: stands }))).toBe(1)
  await shop.act({ state: 'gone' })
  expect(await countOf(() => shop.act({ mode: 'sweep', environments: '[]' }))).toBe(2)
})
