import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectKube, parseKubeconfig } from '@meridian/kube'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { stubAws } from '@meridian/lab-universe/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { tearDown } from './in-process.ts'
import { labelsOf, makeBucket, makeNamedCluster } from './lab-environment.ts'

let universe: Universe
beforeEach(async () => {
  universe = await startUniverse({ scale: 10_000 })
  stubAws(universe)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await universe.close()
})

test('a context that only bears the alias of a cluster is not taken for it: what is in there stays', async () => {
  await makeBucket(universe, 'default')
  await makeNamedCluster(universe, 'usa.k8s.example.com', labelsOf('default', 'usa.k8s.example.com'), '--yes')
  await universe.addCluster('prod.example.com', { store: 's3://platform/kops' })
  const { clusters, users, ...whole } = parseKubeconfig(await universe.kubeconfig())
  const of = <T extends { name: string }>(all: readonly T[]) => all.filter(({ name }) => name === 'prod')
  const theirs = {
    ...whole,
    clusters: of(clusters).map(({ name, cluster }) => {
      const { 'tls-server-name': _, ...unmarked } = cluster
      return { name, cluster: unmarked }
    }),
    users: of(users),
    contexts: [{ name: 'usa', context: { cluster: 'prod', user: 'prod' } }],
  }
  const path = join(universe.directory, 'strangers.kubeconfig')
  await writeFile(path, JSON.stringify(theirs), { mode: 0o600 })
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
  }
  const kube = connectKube(theirs, {
    context: 'usa',
    userAgent: 'by-hand',
    signal: new AbortController().signal,
    env: {},
  })
  await kube.apply(service)
  const there = () => kube.get({ apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'web' })
  const { error } = await tearDown(
    universe,
    'teardown',
    { clusters: '[{name: usa, region: us-east-1}]', scope: 'clusters,state' },
    { env: { KUBECONFIG: path } },
  )
  expect(error).toBeUndefined()
  expect(await there()).toBeDefined()
})
