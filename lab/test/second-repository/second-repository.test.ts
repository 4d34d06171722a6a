import { startUniverse, type Universe } from '@meridian/lab-universe'
import { expect, onTestFinished, test } from 'vitest'
import { complaints, platform, runAs, shop, trustOnly } from './caller.ts'

async function universe(): Promise<Universe> {
  const started = await startUniverse({ scale: 5_000 })
  onTestFinished(started.close)
  for (const caller of [shop, platform]) trustOnly(started, caller)
  return started
}

const left = ({ world }: Universe) => world.inventory.list().map(({ type, id }) => `${type} ${id}`)

test('a repository without anything of Meridian builds, takes a region out and removes, by the workflows of another', async () => {
  const world = await universe()
  const run = await runAs(shop, world, 'life.yml')
  expect(complaints(run)).toEqual([])
  expect(run.jobs.find(({ id }) => id === 'tell')?.steps[0]?.log).toEqual([
    'shop.shop.k8s.example.com {"usa":2,"eur":2}, then without ["eu-west-1"] {"usa":4}',
  ])
  expect(run.jobOutputs.down).toMatchObject({ clean: 'true', leaks: '[]' })
  expect(left(world)).toEqual([])
})

test("an app in another repository's federation is its own, and the federation is not", async () => {
  const world = await universe()
  expect(complaints(await runAs(platform, world, 'federation.yml', { inputs: { what: 'up' } }))).toEqual([])
  const built = left(world)
  const claim = () => world.aws.s3.readObject('usa.k8s.example.com-state', 'usa.k8s.example.com.claim.json')
  expect(claim()).toContain('acme/platform')

  expect(complaints(await runAs(shop, world, 'app.yml', { inputs: { what: 'deploy' } }))).toEqual([])
  // What is the platform's stays, though the app's repository asks for all of it.
  const all = await runAs(shop, world, 'app.yml', { inputs: { what: 'remove-all' } })
  expect(complaints(all).join()).toContain('acme/platform')
  expect(claim()).toContain('acme/platform')
  expect(left(world)).toEqual(expect.arrayContaining(built))

  // Nor can the platform remove the federation under somebody's app.
  const early = await runAs(platform, world, 'federation.yml', { inputs: { what: 'down' } })
  expect(complaints(early).join()).toContain('acme/shop')

  expect(complaints(await runAs(shop, world, 'app.yml', { inputs: { what: 'remove' } }))).toEqual([])
  expect(complaints(await runAs(platform, world, 'federation.yml', { inputs: { what: 'down' } }))).toEqual([])
  expect(left(world)).toEqual([])
})

test('a job of one repository cannot assume the role of another', async () => {
  const world = await universe()
  const stranger = { ...shop, repository: 'stranger', repositoryId: '9' }
  trustOnly(world, { ...shop, repository: 'stranger' })
  const [complaint] = complaints(await runAs(stranger, world, 'federation.yml', { inputs: { what: 'up' } }))
  expect(complaint).toContain('AWS does not let this job assume arn:aws:iam::111122223333:role/stranger')
})
