import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EksHandle } from '@meridian/lab-clusters/eks'
import type { ActionRun } from '@meridian/lab-runner'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { act, complaints, root } from './act.ts'

/** One cluster with AWS's load balancer controller, and one in Auto Mode, which makes load balancers by itself. */
const clusters = JSON.stringify([
  { name: 'usa', region: 'us-east-1', provider: 'eks' },
  { name: 'eur', region: 'eu-west-1', provider: 'eks' },
])
const scheme = 'service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing'

let universe: Universe
let members: EksHandle[]
let manifests: string
let before: string[]

const left = () => universe.world.inventory.list().map(({ type, id }) => `${type} ${id}`)
const done = (run: ActionRun) => expect(complaints(run)).toEqual([])

beforeAll(async () => {
  universe = await startUniverse({ scale: 2_000 })
  members = [
    await universe.addEksCluster('usa', { loadBalancerController: true, defaultStorageClass: true }),
    await universe.addEksCluster('eur', { region: 'eu-west-1', autoMode: true }),
  ]
  manifests = join(universe.directory, 'app')
  await mkdir(manifests)
  const app = join(root, 'examples/hugo-app')
  const service = await readFile(join(app, 'service.yaml'), 'utf8')
  await writeFile(
    join(manifests, 'service.yaml'),
    service.replace('metadata:', `metadata:\n  annotations:\n    ${scheme}`),
  )
  await writeFile(join(manifests, 'deployment.yaml'), await readFile(join(app, 'deployment.yaml')))
  before = left()
})
afterAll(() => universe.close())

test('a federation and its app are reached by network load balancers', async () => {
  const federated = await act(universe, 'federate', { clusters })
  done(federated)
  expect(federated.outputs['api-endpoint']).toMatch(
    /^https:\/\/k8s-karmadas-[a-z0-9-]+\.elb\.us-east-1\.amazonaws\.com:5443$/,
  )
  const deployed = await act(
    universe,
    'deploy-federated-app',
    { clusters, manifests: 'app' },
    universe.directory,
  )
  done(deployed)
  const endpoints = deployed.outputs.endpoints ?? ''
  const named = await act(universe, 'latency-dns', {
    record: 'shop',
    endpoints,
    'name-servers': universe.nameServer,
  })
  done(named)
  // Route 53 refuses an alias whose target does not lie in the hosted zone that it names.
  const ofRegion = (region: string) => ({
    region,
    alias: true,
    target: expect.stringMatching(new RegExp(`^k8s-default-[a-z0-9-]+\\.elb\\.${region}\\.amazonaws\\.com$`)),
  })
  expect(JSON.parse(named.outputs.records ?? '')).toMatchObject([
    ofRegion('eu-west-1'),
    ofRegion('us-east-1'),
    { type: 'TXT' },
  ])
})

test('an app that changes has changed in every member when the run says so, though their webhooks have named a class', async () => {
  const path = join(manifests, 'service.yaml')
  const service = await readFile(path, 'utf8')
  await writeFile(path, service.replace(scheme, `${scheme}\n    example.com/changed: "yes"`))
  const inputs = { clusters, manifests: 'app' }
  done(await act(universe, 'deploy-federated-app', inputs, universe.directory))
  const services = members.flatMap(member =>
    member
      .running()
      .store.list('Service', { namespace: 'default', labels: { 'karmada.io/managed': 'true' } }),
  )
  expect(services.map(({ metadata }) => metadata.annotations?.['example.com/changed'])).toEqual([
    'yes',
    'yes',
  ])
  expect((await act(universe, 'deploy-federated-app', inputs, universe.directory)).outputs.changed).toBe(
    'false',
  )
})

test('teardown takes the records and the load balancers away, and finds that they are gone', async () => {
  const run = await act(universe, 'teardown', { clusters })
  done(run)
  expect(run.outputs).toMatchObject({ clean: 'true', leaks: '[]' })
  expect(run.outputs.deleted).toContain(`shop.${universe.domain}`)
  expect(left()).toEqual(before)
})
