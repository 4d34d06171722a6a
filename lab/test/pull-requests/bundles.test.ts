import { afterAll, beforeAll, expect, test } from 'vitest'
import { listOf, startPlatform, type TenantWorld } from '../tenants/tenant-world.ts'
import { findLies, lookAround } from './find-lies.ts'
import { openShop } from './shop.ts'

let world: TenantWorld
beforeAll(async () => {
  world = await startPlatform()
})
afterAll(() => world.close())

test('the built actions do it in processes of their own, with nothing but names to find each other by', async () => {
  const { universe } = world
  const rights = ['actions', 'administration', 'contents', 'deployments', 'pull-requests']
  const flows = await openShop(universe, {
    clusters: listOf('usa', 'eur'),
    env: {},
    perform: 'processes',
    secrets: {
      ADMINISTRATOR: universe.github.addToken(
        'acme/shop',
        Object.fromEntries(rights.map(right => [right, 'write'])),
      ),
    },
  })
  const { repository, runs } = flows
  const failed = () =>
    runs.flatMap(({ jobs }) =>
      jobs.flatMap(({ steps }) =>
        steps.filter(step => step.outcome === 'failure').map(({ log }) => log.slice(-8)),
      ),
    )
  const number = repository.openPull()
  await flows.atRest()
  expect([failed(), findLies(repository, lookAround(universe), () => true)]).toEqual([[], []])
  expect(repository.holdings.environments).toHaveLength(1)
  repository.close(number, { merged: true })
  await flows.atRest()
  expect([failed(), findLies(repository, lookAround(universe), () => false)]).toEqual([[], []])
  // Which the job's own token may not delete.
  expect(repository.holdings.environments).toEqual([])
})
