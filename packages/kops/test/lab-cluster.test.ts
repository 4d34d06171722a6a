import { connectAws } from '@meridian/aws'
import { type Identity, makeMark, writeTags } from '@meridian/identity'
import { labBoundary } from '@meridian/lab-universe'
import { useUniverse } from '@meridian/lab-universe/testing'
import { done, waitFor, waiting } from '@meridian/runner'
import { testJob } from '@meridian/runner/testing'
import { acquireLease, makeStore, purgeCluster, writeClusterClaim } from '@meridian/state'
import { expect, test } from 'vitest'
import {
  type ClusterSpec,
  connectKops,
  createCluster,
  deleteCluster,
  editCluster,
  hasConfig,
  judgeCluster,
  leaseKops,
  previewUpdate,
  reachCluster,
  updateCluster,
  validateCluster,
} from '../src/index.ts'

const cluster = {
  name: 'usa',
  region: 'us-east-1',
  zones: ['us-east-1a'],
  permissionsBoundary: labBoundary,
  provider: 'kops',
  fullName: 'usa.k8s.example.com',
  stateStore: 's3://usa.k8s.example.com-state',
} as const
const identity: Identity = {
  domain: 'k8s.example.com',
  repository: { id: '1001', name: 'o/r' },
  cluster: cluster.fullName,
}
const machines = { count: 1, size: 't3.medium' }
const spec: ClusterSpec = {
  ...cluster,
  kubernetesVersion: '1.35.7',
  controlPlane: machines,
  nodes: machines,
  networking: 'cilium',
  topology: 'public',
  sshAccess: [],
  labels: writeTags(makeMark(identity)),
}
const hour = 3_600_000
const universe = useUniverse()

test('a cluster lives: made, healthy, reached, updated, deleted, and nothing is left of it', async () => {
  const job = testJob({ env: universe().env })
  const aws = await connectAws(job, {})
  const kops = await connectKops(job, aws, { version: '1.36.2' })
  const location = { bucket: 'usa.k8s.example.com-state', path: '' }
  const account = await aws.account()
  const store = await makeStore(aws, { location, region: cluster.region, account, identity }, job)
  const lease = store && (await acquireLease(store, { fullName: cluster.fullName, job }))
  if (store === undefined || lease === undefined) throw new Error('there is no bucket')
  await writeClusterClaim(store, cluster.fullName, makeMark(identity), undefined)
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

  const before = universe().world.inventory.list().length
  await updateCluster(kops, cluster, hour, job)
  expect(universe().world.inventory.list()).toHaveLength(before)

  expect(await previewUpdate(kops, cluster, job)).toEqual([])
  await editCluster(kops, cluster, {
    resizes: [{ group: 'nodes-us-east-1a', size: 2 }],
    apiAccess: undefined,
  })
  expect(await previewUpdate(kops, cluster, job)).toEqual([
    expect.stringMatching(/^modify AutoscalingGroup\/nodes-us-east-1a/),
  ])
  expect(universe().world.inventory.list()).toHaveLength(before)

  const { claim } = await judgeCluster(store, cluster.fullName, identity)
  if (claim.kind !== 'ours') throw new Error('it is ours')
  await expect(purgeCluster(claim.owned, identity, lease)).rejects.toThrow('kops still knows the cluster')
  expect(await deleteCluster(kops, cluster, job, { wait: hour })).toBe('deleted')
  expect(await hasConfig(store, cluster.fullName)).toBe(false)
  expect(await deleteCluster(kops, cluster, job, { wait: hour })).toBe('absent')
  expect(await purgeCluster(claim.owned, identity, lease)).toMatchObject({ bucket: { deleted: true } })
  expect(universe().world.inventory.list()).toEqual([])
})

test('kops is not run by who has lost the lease', async () => {
  const commands: string[] = []
  const run = async (name: string) => {
    commands.push(name)
    return { stdout: '', stderr: '', exitCode: 0, seconds: 0 }
  }
  const lost = new Error('the lease is lost')
  const lease = {
    signal: new AbortController().signal,
    confirm: () => Promise.reject(lost),
    release: async () => {},
    abandon: async () => false,
    [Symbol.asyncDispose]: async () => {},
  }
  const kops = leaseKops({ version: '1.36.2', run }, lease)
  await expect(kops.run(cluster.fullName, ['delete', 'cluster'])).rejects.toThrow(lost)
  expect(commands).toEqual([])
})
