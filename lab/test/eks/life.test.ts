import type { EksHandle } from '@meridian/lab-clusters/eks'
import { compareSnapshots, startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { act, complaints } from './act.ts'

const clusters = JSON.stringify([
  { name: 'usa', region: 'us-east-1', provider: 'eks', eksName: 'shop-us' },
  { name: 'eur', region: 'eu-west-1', provider: 'eks', eksName: 'shop-eu' },
])
const regions = { usa: 'us-east-1', eur: 'eu-west-1' } as const

let universe: Universe
let usa: EksHandle
let before: ReturnType<Universe['snapshot']>

beforeAll(async () => {
  universe = await startUniverse({ scale: 2_000 })
  usa = await universe.addEksCluster('shop-us', { region: regions.usa, defaultStorageClass: true })
  await universe.addEksCluster('shop-eu', { region: regions.eur })
  before = universe.snapshot()
})
afterAll(() => universe.close())

test('a cluster of EKS is taken as it is, and gets a context and a descriptor', async () => {
  const run = await act(universe, 'create-cluster', {
    name: 'usa',
    region: regions.usa,
    provider: 'eks',
    'eks-name': 'shop-us',
  })
  expect(complaints(run)).toEqual([])
  expect(run.outputs).toMatchObject({
    created: 'false',
    'kubernetes-version': expect.stringMatching(/^1\.35\./),
  })
})

const writes = () => universe.world.requests.all().filter(({ write }) => write).length

const federate = () => act(universe, 'federate', { clusters })
const deploy = () => act(universe, 'deploy-federated-app', { clusters, manifests: 'examples/hugo-app' })
const nameIt = (endpoints: string) =>
  act(universe, 'latency-dns', { record: 'shop', endpoints, 'name-servers': universe.nameServer })

test('clusters of EKS become a federation, get an app, and lead users to it', async () => {
  const federated = await federate()
  expect(complaints(federated)).toEqual([])
  expect(federated.outputs).toMatchObject({ host: 'usa', joined: '["usa","eur"]', changed: 'true' })
  const deployed = await deploy()
  expect(complaints(deployed)).toEqual([])
  expect(JSON.parse(deployed.outputs.replicas ?? '')).toEqual({ usa: 3, eur: 3 })
  const named = await nameIt(deployed.outputs.endpoints ?? '')
  expect(complaints(named)).toEqual([])
  expect(JSON.parse(named.outputs.records ?? '')).toHaveLength(3)
})

test('a second run finds all of it, and writes nothing', async () => {
  const written = writes()
  const federated = await federate()
  const deployed = await deploy()
  const named = await nameIt(deployed.outputs.endpoints ?? '')
  expect([federated, deployed, named].map(({ outputs }) => outputs.changed)).toEqual([
    'false',
    'false',
    'false',
  ])
  expect(writes() - written).toBe(0)
})

test('a rotated authority is taken over by the next run, while both are trusted and after the change', async () => {
  const stored = () => {
    const [federation] = universe.clusters.federations()
    const data = federation?.store.get('Secret', 'karmada-cluster', 'usa')?.data
    const { caBundle = '' } = (data ?? {}) as { caBundle?: string }
    return Buffer.from(caBundle, 'base64').toString().split('BEGIN CERTIFICATE').length - 1
  }
  await usa.rotateAuthority()
  expect((await federate()).outputs).toMatchObject({ changed: 'true', joined: '[]' })
  expect(stored()).toBe(2)
  await usa.activateAuthority()
  expect((await federate()).outputs).toMatchObject({ changed: 'false' })
  usa.dropAuthorities()
  expect((await federate()).outputs).toMatchObject({ changed: 'true' })
  expect(stored()).toBe(1)
  expect(complaints(await deploy())).toEqual([])
})

test('reap takes the app of an environment without a cluster of its own, by its claim, and not the federation', async () => {
  const shared = (JSON.parse(clusters) as { name: string }[]).map(cluster => ({
    ...cluster,
    fullName: `${cluster.name}.${universe.domain}`,
  }))
  const tenant = { environment: 'pr-7', namespace: 'pr-7', lifetime: '72h' }
  const app = { manifests: 'examples/hugo-app', clusters: JSON.stringify(shared), ...tenant }
  expect(complaints(await act(universe, 'deploy-federated-app', app))).toEqual([])
  const claim = universe.zone.records.all().find(({ name }) => name.includes('_claim-'))
  const values = claim?.values.map(value => value.replace(/expires=[^,"]*/, 'expires=2026-01-01T00:00:00Z'))
  if (claim && values) universe.zone.records.put({ ...claim, values })

  const reap = await act(universe, 'teardown', { mode: 'reap', 'name-servers': universe.nameServer })
  expect(complaints(reap)).toEqual([])
  const [federation] = universe.clusters.federations()
  expect(federation?.store.list('Deployment', { namespace: 'pr-7' })).toEqual([])
  expect(usa.running().store.list('Service', { namespace: 'pr-7' })).toEqual([])
  expect(federation?.store.list('Deployment', { namespace: 'default' })).toHaveLength(1)
  expect(universe.zone.records.all().filter(({ name }) => name.includes('_claim-'))).toEqual([])
})

test('teardown takes out what is ours, and leaves the clusters as they were', async () => {
  const run = await act(universe, 'teardown', { clusters })
  expect(complaints(run)).toEqual([])
  expect(run.outputs).toMatchObject({ clean: 'true', leaks: '[]' })
  // Of the rotation stays what EKS has changed.
  const trust = /kube-root-ca\.crt|:cluster\/shop-us: /
  const changed = compareSnapshots(before, universe.snapshot()).filter(line => !trust.test(line))
  expect(changed).toEqual([])
})
