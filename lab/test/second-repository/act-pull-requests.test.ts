import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { GithubEvent, GithubRepository } from '@meridian/lab-github'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findLies, lookAround } from '../pull-requests/find-lies.ts'
import { shop, writeShop } from '../pull-requests/shop.ts'
import { listOf, startPlatform, type TenantWorld } from '../tenants/tenant-world.ts'
import { type ActRepository, type ActRun, isActFound, openActRepository, whetherFound } from './by-act.ts'

let world: TenantWorld
beforeAll(async () => {
  if (isActFound) world = await startPlatform()
})
afterAll(() => world?.close())

const rights = { actions: 'read', contents: 'read', deployments: 'write', 'pull-requests': 'write' } as const

type Driver = { readonly runs: readonly ActRun[]; atRest(): Promise<void>; reap(): Promise<void> }

/**
 * Runs act for what people do. It has no concurrency groups: that runs for one pull request wait for each other, and those
 * for several do not, is done here.
 */
function drive({ universe }: TenantWorld, act: ActRepository): Driver {
  const runs: ActRun[] = []
  const queues = new Map<unknown, Promise<void>>()
  let count = 0
  const start = async (event: string, workflow: string, payload: object) => {
    count += 1
    const file = join(universe.directory, `event-${count}.json`)
    await writeFile(file, JSON.stringify(payload))
    const secret = `GITHUB_TOKEN=${universe.github.addToken(shop.slug, rights)}`
    runs.push(await act.run(event, workflow, ['--eventpath', file, '--secret', secret]))
  }
  universe.github.onEvent(({ name, payload }: GithubEvent) => {
    const { number } = payload as { number: number }
    const before = queues.get(number) ?? Promise.resolve()
    queues.set(
      number,
      before.then(() => start(name, 'preview.yml', payload)),
    )
  })
  return {
    runs,
    reap: () => start('schedule', 'reap.yml', {}),
    async atRest() {
      await Promise.all(queues.values())
    },
  }
}

/** Pull requests a, b and c at the same time. */
async function live(repository: GithubRepository, flows: Driver, liesAtRest: LiesAtRest): Promise<void> {
  const labels = ['preview']
  const [a, b, c] = [repository.openPull({ labels }), repository.openPull({ labels }), repository.openPull()]
  for (let push = 0; push < 3; push += 1) repository.push(a, { force: push === 1 })
  await vi.waitUntil(() => repository.commentsOf(b).length > 0, { timeout: 300_000 })
  repository.close(b)
  expect(await liesAtRest(a)).toEqual([])
  repository.reopen(b)
  repository.label(c, 'preview')
  expect(await liesAtRest(a, b, c)).toEqual([])
  world.expire(`pr-${b}`)
  await flows.reap()
  expect(await liesAtRest(a, c)).toEqual([])
}

type LiesAtRest = (...standing: number[]) => Promise<string[]>

test.skipIf(!isActFound)(
  `three pull requests of a second repository live at once under nektos/act too${whetherFound}`,
  async () => {
    const { universe } = world
    const files = join(universe.directory, 'shop')
    await writeShop(files, listOf('usa', 'eur'), { label: 'preview' })
    const act = await openActRepository(universe, shop, files, ['pull-request.yml', 'up.yml'])
    const repository = universe.github.addRepository(shop.slug, Number(shop.id))
    const flows = drive(world, act)
    await live(repository, flows, async (...standing) => {
      await flows.atRest()
      const failed = flows.runs.filter(({ exitCode }) => exitCode !== 0)
      expect(failed.map(({ said }) => said.slice(-30).join('\n'))).toEqual([])
      return findLies(repository, lookAround(universe), number => standing.includes(number))
    })
  },
)
