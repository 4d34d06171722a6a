import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { listOf, startPlatform, type TenantWorld } from '../tenants/tenant-world.ts'
import { findLies, lookAround } from './find-lies.ts'
import { openShop, type Workflows } from './shop.ts'

let world: TenantWorld
let flows: Workflows

beforeAll(async () => {
  world = await startPlatform()
  const { universe } = world
  for (const [name, value] of Object.entries(universe.env))
    if (name.startsWith('AWS_')) vi.stubEnv(name, value)
  const kubeconfig = join(universe.directory, 'shop.kubeconfig')
  await writeFile(kubeconfig, await universe.kubeconfig(), { mode: 0o600 })
  const given = {
    clusters: listOf('usa', 'eur'),
    env: { KUBECONFIG: kubeconfig },
    with: { label: 'preview' },
  }
  flows = await openShop(universe, given)
})
afterAll(() => world.close())

const wanted = { labels: ['preview'] }
/** What GitHub says that is not so, once every run is over, where these pull requests are to have environments. */
async function liesAtRest(...standing: number[]): Promise<string[]> {
  await flows.atRest()
  return findLies(flows.repository, lookAround(world.universe), number => standing.includes(number))
}
const problems = () =>
  flows.runs.flatMap(({ jobs }) =>
    jobs.flatMap(({ steps }) =>
      steps.flatMap(({ annotations }) => annotations.map(({ message }) => message)),
    ),
  )

test('three live at once, and each says what is true of it', async () => {
  const { repository } = flows
  const [a, b, c] = [repository.openPull(wanted), repository.openPull(wanted), repository.openPull(wanted)]
  for (let push = 0; push < 3; push += 1) repository.push(a, { force: push === 1 })
  // While it is being built.
  repository.close(b)
  expect(await liesAtRest(a, c)).toEqual([])
  repository.reopen(b)
  repository.unlabel(c, 'preview')
  repository.push(a)
  expect(await liesAtRest(a, b)).toEqual([])
  repository.label(c, 'preview')
  repository.convertToDraft(a)
  expect(await liesAtRest(b, c)).toEqual([])
  expect([problems(), flows.runs.map(({ result }) => result).filter(each => each !== 'success')]).toEqual([
    [],
    [],
  ])

  // The time of one is over, and the end of the other starts no run.
  world.expire(`pr-${b}`)
  repository.setConflicts(c, true)
  repository.close(c)
  const { result } = await flows.reap()
  expect([result, await liesAtRest()]).toEqual(['success', []])
  expect(problems()).toEqual([
    expect.stringMatching(`The reaper had to take pr-${b} of #${b}, since .*it expired`),
    expect.stringMatching(`The reaper had to take pr-${c} of #${c}, since .*its pull request is closed`),
  ])
})

test('a fork gets nothing, and is told what a maintainer can do', async () => {
  const fork = flows.repository.openPull({ ...wanted, from: 'mallory/shop' })
  expect(await liesAtRest()).toEqual([])
  expect(flows.runs.at(-1)?.result).toBe('success')
  expect(problems().at(-1)).toContain(`#${fork} gets no environment: it comes from a fork`)
})
