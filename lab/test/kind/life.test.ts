import type { ActionRun } from '@meridian/lab-runner'
import { compareSnapshots, startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { act, complaints } from '../eks/act.ts'

const clusters = JSON.stringify([
  { name: 'usa', region: 'us-east-1', provider: 'kind', kindName: 'nightly-usa' },
  { name: 'eur', region: 'eu-west-1', provider: 'kind', kindName: 'nightly-eur' },
])

let universe: Universe
let before: ReturnType<Universe['snapshot']>

beforeAll(async () => {
  universe = await startUniverse({ scale: 2_000 })
  for (const name of ['usa', 'eur']) await universe.kind.create(`nightly-${name}`)
  universe.kind.balance(true)
  before = universe.snapshot()
})
afterAll(() => universe.close())

/** On a machine that has no credentials of AWS. */
function run(action: string, inputs: Record<string, string>): Promise<ActionRun> {
  const env = Object.fromEntries(Object.entries(universe.env).filter(([name]) => !/^AWS_/.test(name)))
  return act({ domain: universe.domain, env: { ...env, AWS_EC2_METADATA_DISABLED: 'true' } }, action, inputs)
}
const federate = () => run('federate', { clusters })
const deploy = () => run('deploy-federated-app', { clusters, manifests: 'examples/hugo-app' })
const remove = () => run('teardown', { clusters, scope: 'app,federation' })
const annotationsOf = ({ annotations }: ActionRun) => annotations.map(({ message }) => message).join('\n')
const requests = (service: 'kubernetes' | 'aws') =>
  universe.world.requests
    .all()
    .filter(each => (service === 'aws') !== ['kubernetes', 'karmada'].includes(each.service))

test('a kind cluster is taken by its name alone, at the address where others reach it', async () => {
  const taken = await run('create-cluster', {
    ...{ name: 'usa', provider: 'kind', 'kind-name': 'nightly-usa', region: 'us-east-1' },
  })
  expect(complaints(taken)).toEqual([])
  expect(taken.outputs).toMatchObject({
    created: 'false',
    'kubernetes-version': '1.35.8',
    'api-endpoint': 'https://172.18.0.2:6443',
  })
  expect(JSON.parse(taken.outputs.cluster ?? '')).toMatchObject({ provider: 'kind', kindName: 'nightly-usa' })
})

test('clusters of kind become a federation and get an app, by addresses', async () => {
  const federated = await federate()
  expect(complaints(federated)).toEqual([])
  expect(federated.outputs).toMatchObject({ host: 'usa' })
  const deployed = await deploy()
  expect(complaints(deployed)).toEqual([])
  expect(JSON.parse(deployed.outputs.replicas ?? '')).toEqual({ usa: 3, eur: 3 })
  const endpoints = JSON.parse(deployed.outputs.endpoints ?? '') as { hostname: string; region: string }[]
  expect(endpoints.map(({ region }) => region).sort()).toEqual(['eu-west-1', 'us-east-1'])
  for (const { hostname } of endpoints) expect(hostname).toMatch(/^172\.18\.0\.\d+$/)
})

test('a second run finds all of it, and writes nothing', async () => {
  const writes = () => requests('kubernetes').filter(({ write }) => write).length
  const written = writes()
  const again = [await federate(), await deploy()]
  expect(again.map(({ outputs }) => outputs.changed)).toEqual(['false', 'false'])
  expect(writes() - written).toBe(0)
})

test('a member that does not answer keeps teardown from beginning, since nobody else would clear it', async () => {
  const back = universe.kind.takeAway('nightly-eur', 'refused')
  const refused = await remove()
  back()
  expect(refused.exitCode).toBe(1)
  expect(annotationsOf(refused)).toContain('what is in eur cannot be taken out of it')
})

test('teardown takes out what is ours and leaves the clusters as they were', async () => {
  const removed = await remove()
  expect(complaints(removed)).toEqual([])
  expect(removed.outputs).toMatchObject({ clean: 'true', leaks: '[]' })
  expect(compareSnapshots(before, universe.snapshot())).toEqual([])
  expect(universe.kind.names()).toEqual(['nightly-eur', 'nightly-usa'])
})

test('what kind has not on this machine is told with the command that makes it', async () => {
  const absent = JSON.stringify([{ name: 'jpn', region: 'ap-northeast-1', provider: 'kind' }])
  const told = await run('federate', { clusters: absent })
  expect(annotationsOf(told)).toContain("there is no kind cluster 'jpn' on this machine")
  expect(annotationsOf(told)).toContain('kind create cluster --name jpn')
})

test('AWS was asked for nothing in all that', () => expect(requests('aws')).toEqual([]))
