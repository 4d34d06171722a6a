import { connectAws, s3 } from '@meridian/aws'
import { startUniverse, type Universe } from '@meridian/lab'
import { done, waitFor, waiting } from '@meridian/runner'
import { testJob } from '@meridian/runner/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import {
  type ClusterSpec,
  connectKops,
  createCluster,
  deleteCluster,
  ensureStateBucket,
  hasClusterConfig,
  purgeStateBucket,
  reachCluster,
  updateCluster,
  validateCluster,
} from '../src/index.ts'

const cluster = {
  name: 'usa',
  region: 'us-east-1',
  zones: ['us-east-1a'],
  provider: 'kops',
  fullName: 'usa.k8s.example.com',
  stateStore: 's3://usa.k8s.example.com-state',
} as const
const bucket = 'usa.k8s.example.com-state'
const machines = { count: 1, size: 't3.medium' }
const spec: ClusterSpec = {
  ...cluster,
  kubernetesVersion: '1.35.7',
  controlPlane: machines,
  nodes: machines,
  networking: 'cilium',
  topology: 'public',
  labels: { 'meridian:environment': 'default' },
}
const hour = 3_600_000
let universe: Universe

beforeAll(async () => {
  universe = await startUniverse({ scale: 10_000 })
})
afterAll(() => universe.close())
beforeEach(() => {
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    vi.stubEnv(name, universe.env[name])
})
afterEach(() => void vi.unstubAllEnvs())

test('a cluster lives: made, healthy, reached, updated, deleted, and nothing is left of it', async () => {
  const job = testJob({ env: universe.env })
  const aws = await connectAws(job, {})
  const kops = await connectKops(job, aws, { version: '1.36.2' })
  const store = s3(aws, cluster.region)
  await ensureStateBucket(store, { name: bucket, region: cluster.region, tags: spec.labels, job })
  await createCluster(kops, spec, hour, job)
  const nodes = await waitFor(job, {
    what: 'the cluster',
    fix: '',
    every: { first: 100, most: 1_000 },
    probe: async () => {
      const { ready, missing, nodes } = await validateCluster(kops, cluster, 2)
      return ready ? done(nodes) : waiting(missing)
    },
  })
  expect(nodes).toHaveLength(2)

  const kube = await reachCluster(job, aws, cluster)
  expect(await kube.list({ apiVersion: 'v1', kind: 'Node' })).toHaveLength(2)

  const before = universe.world.inventory.list().length
  await updateCluster(kops, cluster, hour, job)
  expect(universe.world.inventory.list()).toHaveLength(before)

  await expect(purgeStateBucket(store, bucket)).rejects.toThrow(
    `it still holds the state of ${cluster.fullName}`,
  )
  expect(await deleteCluster(kops, cluster, job, { wait: hour })).toBe('deleted')
  expect(await hasClusterConfig(store, bucket, cluster.fullName)).toBe(false)
  expect(await deleteCluster(kops, cluster, job, { wait: hour })).toBe('absent')
  await purgeStateBucket(store, bucket)
  expect(universe.world.inventory.list()).toEqual([])
})
