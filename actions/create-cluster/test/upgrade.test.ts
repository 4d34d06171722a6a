import { fileURLToPath } from 'node:url'
import { type ActionRun, runAction } from '@meridian/lab-runner'
import { labBoundary, startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

const dir = fileURLToPath(new URL('..', import.meta.url))
let universe: Universe
let attempt = 0

beforeAll(async () => {
  universe = await startUniverse({ scale: 3_000 })
  expect(said(await run({}))).toEqual([])
})
afterEach(() => {
  for (const fault of ['no-capacity', 'kill-job']) universe.world.faults.end(fault)
})
afterAll(() => universe.close())

/** Later runs are attempts of one GitHub run, which need not wait for a dead one's lease to end. */
function run(inputs: Record<string, string>): Promise<ActionRun> {
  attempt += 1
  const usual = { name: 'usa', domain: 'k8s.example.com', zones: 'us-east-1a', timeout: '40m' }
  return runAction({
    dir,
    inputs: { ...usual, 'validate-count': '1', 'permissions-boundary': labBoundary, ...inputs },
    env: { ...universe.env, GITHUB_RUN_ATTEMPT: String(attempt) },
  })
}

const said = ({ annotations }: ActionRun) => annotations.map(({ message }) => message)
const instances = () =>
  universe.world.inventory.list({ type: 'instance', state: 'running' }).map(({ id }) => id)
const sizes = () =>
  universe.world.inventory
    .list({ type: 'instance', state: 'running' })
    .map(({ attributes }) => attributes.instanceType)
const replacesOf = (outputs: ActionRun['outputs']) =>
  JSON.parse(outputs.replaces ?? '').map(({ group }: { group: string }) => group)
const both = ['control-plane-us-east-1a', 'nodes-us-east-1a']

describe('a cluster of ours', () => {
  test('is not upgraded unless it is said', async () => {
    const refused = await run({ 'kubernetes-version': '1.36.1' })
    expect(said(refused).join()).toContain('or set upgrade to true')
  })

  test('shows in a dry run which machines an upgrade would replace, and how long that takes', async () => {
    const before = instances()
    const { stdout, outputs } = await run({
      upgrade: 'true',
      'kubernetes-version': '1.36.1',
      'dry-run': 'true',
    })
    expect(stdout).toContain(
      'machines would be replaced one by one, in about 13m: control-plane-us-east-1a (1 machine, about 6m), then nodes-us-east-1a (1 machine, about 7m)',
    )
    expect(replacesOf(outputs)).toEqual(both)
    expect(instances()).toEqual(before)
  })

  test('is upgraded though the run is killed at each of kops’ steps', async () => {
    const before = instances()
    const points = [
      'reconcile-control-plane',
      'roll-drain',
      'roll-terminate',
      'reconcile-nodes',
      'roll-detach',
    ]
    const wanted = { upgrade: 'true', 'kubernetes-version': '1.36.1' }
    for (const point of points) {
      universe.world.faults.begin(`kill-job:${point}`)
      expect((await run(wanted)).exitCode, point).not.toBe(0)
      universe.world.faults.end('kill-job')
    }
    const last = await run(wanted)
    expect(said(last)).toEqual([])
    expect(last.outputs['kubernetes-version']).toBe('1.36.1')
    expect(instances()).toHaveLength(2)
    for (const id of before) expect(instances()).not.toContain(id)
  })

  test('is left alone by a second run', async () => {
    const before = instances()
    const { outputs, exitCode } = await run({ upgrade: 'true', 'kubernetes-version': '1.36.1' })
    expect(exitCode).toBe(0)
    expect(replacesOf(outputs)).toEqual([])
    expect(instances()).toEqual(before)
  })

  test('gets other machines, and only those that were asked for', async () => {
    const { outputs } = await run({ upgrade: 'true', 'node-size': 't3.large' })
    expect(replacesOf(outputs)).toEqual(['nodes-us-east-1a'])
    expect(sizes().sort()).toEqual(['t3.large', 't3.medium'])
  })

  test('stops where machines do not come, says what to do, and goes on from there', async () => {
    universe.world.faults.begin('no-capacity')
    const stuck = await run({ upgrade: 'true', 'node-size': 't3.medium' })
    expect(said(stuck).join('\n')).toContain('Then run again: it goes on where it stopped.')
    universe.world.faults.end('no-capacity')
    expect(said(await run({ upgrade: 'true', 'node-size': 't3.medium' }))).toEqual([])
    expect(sizes()).toEqual(['t3.medium', 't3.medium'])
  })

  test('gets what others have saved of its machines only where that is said', async () => {
    const state = '--name=usa.k8s.example.com --state=s3://usa.k8s.example.com-state'
    await universe.kops(`edit instancegroup nodes-us-east-1a ${state} --set=spec.machineType=t3.large`)
    const refused = await run({ upgrade: 'true' })
    expect(said(refused).join()).toContain('set apply-pending to true')
    const { outputs } = await run({ upgrade: 'true', 'apply-pending': 'true' })
    expect(replacesOf(outputs)).toEqual(['nodes-us-east-1a'])
    expect(sizes().sort()).toEqual(['t3.large', 't3.medium'])
  })
})

test('a cluster of nobody is not upgraded', async () => {
  await universe.addCluster('eur.k8s.example.com', { zone: 'eu-west-1a' })
  const before = universe.snapshot()
  const refused = await run({
    name: 'eur',
    zones: 'eu-west-1a',
    upgrade: 'true',
    'kubernetes-version': '1.36.1',
  })
  expect(said(refused).join()).toContain('nobody has claimed it, and only what is ours is upgraded')
  expect(universe.snapshot()).toEqual(before)
})
