import { startUniverse } from '@meridian/lab-universe'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openShop } from './shop.ts'

const clusters = '[{"name":"usa","region":"us-east-1","zones":["us-east-1a"]}]'

test('a pull request can have clusters and a federation of its own, which end with it', async () => {
  const universe = await startUniverse({ scale: 2_000 })
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await universe.close()
  })
  for (const [name, value] of Object.entries(universe.env))
    if (name.startsWith('AWS_')) vi.stubEnv(name, value)
  const flows = await openShop(universe, { clusters, env: {}, with: { kind: 'own', ttl: '8h' } })
  const { repository } = flows
  const said = () => repository.commentsOf(1)[0]?.body ?? ''
  const problems = () =>
    flows.runs.flatMap(({ jobs }) =>
      jobs.flatMap(({ steps }) => steps.flatMap(step => step.annotations.map(({ message }) => message))),
    )

  const number = repository.openPull()
  await flows.atRest()
  expect(problems()).toEqual([])
  expect(said()).toMatch(/### . <code>pr-1<\/code> is ready/u)
  expect(said()).toContain('http://web.pr-1.k8s.example.com')
  expect(said()).toMatch(/about \$0\.\d\d an hour · stays until \d{4}-/)
  expect(universe.clusters.clusters().map(({ spec }) => spec.name)).toEqual(['usa.pr-1.k8s.example.com'])

  repository.close(number)
  await flows.atRest()
  expect(said()).toMatch(/is removed/)
  expect([problems(), universe.world.inventory.list()]).toEqual([[], []])
})
