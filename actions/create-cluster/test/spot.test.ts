import { fileURLToPath } from 'node:url'
import { type ActionRun, runAction } from '@meridian/lab-runner'
import { labBoundary, startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test } from 'vitest'

const dir = fileURLToPath(new URL('..', import.meta.url))
const wanted = { 'node-count': '2', 'node-size': 't3.medium,t3a.medium', spot: 'true' }
let universe: Universe
let first: ActionRun
let attempt = 0

beforeAll(async () => {
  universe = await startUniverse({ scale: 3_000 })
  first = await run(wanted)
})
afterAll(() => universe.close())

function run(inputs: Record<string, string>): Promise<ActionRun> {
  attempt += 1
  const usual = { name: 'usa', domain: 'k8s.example.com', zones: 'us-east-1a', timeout: '60m' }
  return runAction({
    dir,
    inputs: { ...usual, 'validate-count': '1', 'permissions-boundary': labBoundary, ...inputs },
    env: { ...universe.env, GITHUB_RUN_ATTEMPT: String(attempt) },
  })
}

const said = ({ annotations }: ActionRun) => annotations.map(({ message }) => message)
const machines = () =>
  universe.world.inventory
    .list({ type: 'instance', state: 'running' })
    .map(({ attributes }) => `${attributes.lifecycle ?? 'on demand'} ${attributes.instanceType}`)
    .sort()
const nodeGroup = () =>
  universe.world.inventory.list({ type: 'autoscaling-group' }).find(({ name }) => name?.startsWith('nodes-'))
const kops = (command: string) =>
  universe.kops(`${command} --name=usa.k8s.example.com --state=s3://usa.k8s.example.com-state`)

test('a new cluster has spot machines as workers, of any of the types, and its control plane on demand', () => {
  expect(said(first)).toEqual([])
  expect(machines()).toEqual(['on demand t3.medium', 'spot t3.medium', 'spot t3.medium'])
  expect(nodeGroup()?.attributes.mixed).toMatchObject({
    types: ['t3.medium', 't3a.medium'],
    distribution: { OnDemandBaseCapacity: '0', OnDemandPercentageAboveBaseCapacity: '0' },
  })
})

test('its price is told as the most that it may come to', () =>
  expect(first.stdout).toMatch(/is ready: at most \$0\.\d+ per hour/))

test('a second run leaves it as it is', async () => {
  const second = await run(wanted)
  expect(said(second)).toEqual([])
  expect(second.outputs.created).toBe('false')
})

test('machines on demand where there are spot ones are no wish that a run fulfils', async () => {
  expect(said(await run({ ...wanted, spot: 'false' })).join()).toContain('spot is true, not false')
})

test('further types are had without replacing a machine', async () => {
  const upgraded = await run({ 'node-size': 't3.medium,t2.medium', upgrade: 'true' })
  expect(said(upgraded)).toEqual([])
  expect(JSON.parse(upgraded.outputs.replaces ?? '')).toEqual([])
  expect(nodeGroup()?.attributes.mixed).toMatchObject({ types: ['t3.medium', 't2.medium'] })
})

test('machines of another first type replace those that are there', async () => {
  const upgraded = await run({ 'node-size': 't3.large,t2.large', upgrade: 'true' })
  expect(said(upgraded)).toEqual([])
  expect(machines()).toEqual(['on demand t3.medium', 'spot t3.large', 'spot t3.large'])
})

test('machines of an earlier Kubernetes than is saved are named', async () => {
  await kops('edit cluster --set=spec.kubernetesVersion=1.36.1')
  await kops('update cluster --yes')
  const told = said(await run({ 'kubernetes-version': '1.36.1' })).join()
  expect(told).toContain(
    'is saved with Kubernetes 1.36.1, but not all of it runs that: the API server runs v1.35.7',
  )
  expect(told).toMatch(/node i-\w+ runs v1\.35\.7/)
  expect(told).toContain('upgrade: true')
})
