import { publishedRecords } from '@meridian/lab-route53'
import type { WorkflowRun } from '@meridian/lab-runner'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { complaints, createRunner, type RunWorkflow } from './run-workflow.ts'

let universe: Universe
let run: RunWorkflow

beforeAll(async () => {
  universe = await startUniverse({ scale: 600 })
  run = createRunner(universe)
  expect(complaints(await run('up', {}))).toEqual([])
})
afterAll(() => universe.close())

const takeOut = (what: string, regions: string) => run('take-region-out', { what, regions })
const annotations = ({ jobs }: WorkflowRun) =>
  jobs
    .flatMap(({ steps }) => steps.flatMap(step => step.annotations.map(({ message }) => message)))
    .join('\n')

/** The regions that name servers answer with. */
const serving = () =>
  publishedRecords(universe.zone, universe.world.clock.elapsed())
    .at(`hugo-fed.${universe.domain}.`)
    .flatMap(({ region }) => region ?? [])
    .sort()
const replicas = () =>
  Object.fromEntries(
    universe.clusters.clusters().map(({ spec, store }) => {
      const deployment = store.get('Deployment', 'default', 'hugo-app-federation')
      return [spec.region, (deployment?.spec as { replicas?: number } | undefined)?.replicas ?? 0]
    }),
  )

test('a region whose API does not answer is taken out, and the others run all replicas', async () => {
  const back = universe.clusters.takeAway(`jpn.${universe.domain}`, 'refused')
  expect(complaints(await takeOut('take-out', 'ap-northeast-1'))).toEqual([])
  expect(serving()).toEqual(['eu-west-1', 'us-east-1'])
  expect(replicas()).toMatchObject({ 'us-east-1': 3, 'eu-west-1': 3 })
  back()
})

test('an upgrade refuses to begin while it is out, since it would bring back what a person wants out', async () => {
  const refused = await run('upgrade', { 'kubernetes-version': '1.35.9' })
  expect(annotations(refused)).toContain('ap-northeast-1 is out of')
  expect(annotations(refused)).toContain('because somebody has taken it out')
  expect(serving()).toEqual(['eu-west-1', 'us-east-1'])
})

test('it comes back in one call, and in one change, once it answers', async () => {
  const changes = () =>
    universe.world.requests.all().filter(({ operation }) => operation === 'ChangeResourceRecordSets').length
  const before = changes()
  const back = await takeOut('bring-back', 'ap-northeast-1')
  expect(back.jobs.filter(({ result }) => result === 'failure')).toEqual([])
  expect(changes() - before).toBe(1)
  expect(serving()).toEqual(['ap-northeast-1', 'eu-west-1', 'us-east-1'])
  expect(replicas()).toEqual({ 'us-east-1': 2, 'eu-west-1': 2, 'ap-northeast-1': 2 })
})

test('users leave the region of the host too, though nobody can move its replicas then, which is said', async () => {
  const back = universe.clusters.takeAway(`usa.${universe.domain}`, 'refused')
  const out = await takeOut('take-out', 'us-east-1')
  back()
  expect(out.jobs.map(({ name, result }) => `${name}: ${result}`)).toEqual(['name: success', 'app: failure'])
  expect(serving()).toEqual(['ap-northeast-1', 'eu-west-1'])
  expect(annotations(out)).toContain('usa')
})
