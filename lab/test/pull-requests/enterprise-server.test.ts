import { startUniverse } from '@meridian/lab-universe'
import { expect, onTestFinished, test } from 'vitest'
import { listOf } from '../tenants/tenant-world.ts'
import { findLies } from './find-lies.ts'
import { createQuickWorld } from './quick-world.ts'
import { openShop } from './shop.ts'

const server = 'https://git.acme.example'

test('a pull request of a GitHub Enterprise Server lives there, and nothing of it leads to github.com', async () => {
  const universe = await startUniverse({ scale: 1_000_000, githubServer: server })
  onTestFinished(universe.close)
  const quick = createQuickWorld(
    number => flows.repository.pull(number).state === 'closed',
    () => Promise.resolve(),
  )
  const flows = await openShop(universe, {
    ...{ clusters: listOf('usa', 'eur'), env: { GITHUB_SERVER_URL: server } },
    perform: quick.perform,
  })
  const { repository, runs } = flows
  const number = repository.openPull()
  await flows.atRest()
  repository.push(number)
  await flows.atRest()
  expect(findLies(repository, quick.look, () => true)).toEqual([])
  const [deployment] = repository.holdings.deployments
  expect(repository.commentsOf(number)[0]?.body).toContain(`${server}/acme/shop/actions/runs/`)
  expect(deployment?.statuses[0]?.logUrl).toContain(`${server}/acme/shop/actions/runs/`)

  repository.comment(number, '/down', 'ann')
  await flows.atRest()
  repository.close(number)
  await flows.atRest()
  expect(findLies(repository, quick.look, () => false)).toEqual([])
  expect(runs.map(({ result }) => result)).toEqual(Array(4).fill('success'))
  const { comments, deployments } = repository.holdings
  expect(JSON.stringify([comments, deployments, runs.map(({ jobs }) => jobs)])).not.toContain(
    'github.com/acme',
  )
})
