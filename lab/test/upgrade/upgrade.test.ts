import type { WorkflowRun } from '@meridian/lab-runner'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { complaints, createRunner, type RunWorkflow } from './run-workflow.ts'
import { type Watch, watchUsers } from './watch-users.ts'

const fqdn = 'hugo-fed.k8s.example.com'
const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1']
/** Where runs are cut short: another place for each seed. */
const seed = Number(process.env.MERIDIAN_SEED ?? 1)
const points = ['reconcile-control-plane', 'roll-drain', 'roll-terminate', 'reconcile-nodes', 'roll-detach']
const point = points[seed % points.length]
/** Of a region: what would be done, out, upgraded, the app's manifests, the app, back. */
const steps = [/create-cluster/, /latency-dns/, /create-cluster/, /checkout/, /deploy/, /latency-dns/]

let universe: Universe
let run: RunWorkflow
let watch: Watch

beforeAll(async () => {
  universe = await startUniverse({ scale: 200 })
  run = createRunner(universe)
  expect(complaints(await run('up', {}))).toEqual([])
  watch = watchUsers(universe, { fqdn, app: 'hugo-app-federation', pods: 2 })
})
afterAll(async () => {
  watch?.stop()
  await universe.close()
})

// A real second is longer here than any resolver remembers.
const upgrade = (options: Parameters<RunWorkflow>[2] = {}, inputs = {}) =>
  run('upgrade', { 'kubernetes-version': '1.35.9', 'drain-time': '1s', ...inputs }, options)

const resultsOf = ({ jobs }: WorkflowRun) => jobs.map(({ name, result }) => `${name}: ${result}`)
const versions = () => universe.clusters.clusters().map(({ api }) => api.version())
const machines = () =>
  universe.world.inventory.list({ type: 'instance', state: 'running' }).map(({ id }) => id)

test('a dry run shows the order, host last, and what would be replaced, and changes nothing', async () => {
  const before = machines()
  const shown = await upgrade({}, { 'dry-run': 'true' })
  expect(complaints(shown)).toEqual([])
  expect(shown.jobs.map(({ name }) => name)).toEqual([
    'order',
    ...['region eu-west-1', 'region ap-northeast-1', 'region us-east-1'],
    'karmada',
  ])
  expect(JSON.stringify(shown.jobs)).toContain('machines would be replaced one by one, in about 13m')
  expect(machines()).toEqual(before)
})

test(`a run that dies at ${point} leaves its region out, and the next one is not begun`, async () => {
  universe.world.faults.begin(`kill-job:${point}`)
  const killed = await upgrade()
  universe.world.faults.end('kill-job')
  expect(resultsOf(killed)).toContain('region eu-west-1: failure')
  expect(resultsOf(killed)).not.toContain('region ap-northeast-1: success')
  expect(JSON.stringify(killed.jobs)).toContain('eu-west-1 is out of hugo-fed, and the other regions serve')
  expect(watch.served.at(-1)).toBe('ap-northeast-1,us-east-1')
})

test('a region whose machines do not come stops the run with the others serving', async () => {
  universe.world.faults.begin('no-capacity')
  const stuck = await upgrade()
  universe.world.faults.end('no-capacity')
  expect(resultsOf(stuck)).toContain('region eu-west-1: failure')
  expect(JSON.stringify(stuck.jobs)).toContain('it goes on where it stopped')
  expect(watch.served.at(-1)).toBe('ap-northeast-1,us-east-1')
})

test('the next run goes on with that region, and after a cancel at every step of another one a run ends it', async () => {
  for (const at of steps.keys()) {
    const cancel = new AbortController()
    let begun = 0
    const cancelled = await upgrade({
      signal: cancel.signal,
      onEvent: event => {
        if (event.type !== 'step-started' || event.job !== 'region ap-northeast-1') return
        if (steps.some(step => step.test(event.step)) && begun++ === at) cancel.abort()
      },
    })
    expect(cancelled.result, `cancelled at step ${at + 1}`).toBe('cancelled')
    expect(resultsOf(cancelled)).not.toContain('region us-east-1: success')
  }
  const last = await upgrade()
  expect(complaints(last)).toEqual([])
  expect(versions()).toEqual(['1.35.9', '1.35.9', '1.35.9'])
  expect(watch.served.at(-1)).toBe([...regions].sort().join())
})

test('a run that has nothing to do takes no region out', async () => {
  const [before, served] = [machines(), watch.served.length]
  expect(complaints(await upgrade())).toEqual([])
  expect(machines()).toEqual(before)
  expect(watch.served).toHaveLength(served)
})

test('all the while no city was led to a region whose app lacked a pod, though every region’s did', () => {
  expect(watch.harms.slice(0, 5)).toEqual([])
  expect(watch.rounds).toBeGreaterThan(1000)
  for (const region of regions) expect(watch.fewest[region], region).toBeLessThan(2)
})

test('the same watch tells of each region that has fewer pods than it should', async () => {
  const strict = watchUsers(universe, { fqdn, app: 'hugo-app-federation', pods: 3 })
  await vi.waitUntil(() => strict.rounds > 0, { timeout: 600_000 })
  strict.stop()
  expect(new Set(strict.harms.map(({ region }) => region))).toEqual(new Set(regions))
})
