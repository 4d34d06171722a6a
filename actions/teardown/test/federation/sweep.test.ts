import { makeMark, objectAnnotations, objectLabels } from '@meridian/identity'
import { buildPropagationPolicy, connectFederation } from '@meridian/karmada'
import { connectKube, refOf } from '@meridian/kube'
import { type LabClusters, startClusters } from '@meridian/lab-universe/testing'
import type { Failure } from '@meridian/lab-world'
import { testJob } from '@meridian/runner/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { attempt } from '../../../federate/test/in-process.ts'
import { type Ended, tearDown } from '../in-process.ts'
import { identityOf } from '../lab-environment.ts'

const names = ['usa', 'eur'] as const
const clusters =
  '[{name: usa, region: us-east-1, provider: existing}, {name: eur, region: eu-west-1, provider: existing}]'
const forever = Number.POSITIVE_INFINITY
let lab: LabClusters

beforeAll(async () => {
  lab = await startClusters(names)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await lab.close()
})

/** A federation with an app in both members. */
async function build(): Promise<void> {
  expect((await attempt(lab, names)).error).toBeUndefined()
  const job = testJob({ env: lab.env })
  const host = connectKube(await lab.universe.kubeconfig(), { ...job, context: 'usa' })
  const federation = await connectFederation(job, host, 'fed')
  const owner = identityOf('default', { app: 'web' })
  const marks = { labels: objectLabels(owner), annotations: objectAnnotations(makeMark(owner)) }
  const map = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', namespace: 'default', ...marks },
  }
  const policy = buildPropagationPolicy(refOf(map), { mode: 'duplicate', clusters: names })
  await federation.apply({ ...policy, metadata: { ...policy.metadata, ...marks } })
  await federation.apply(map)
}

const run = (client: string, more: { attempt?: number; signal?: AbortSignal } = {}): Promise<Ended> =>
  tearDown(
    lab.universe,
    client,
    { clusters, scope: 'app,federation' },
    { env: { KUBECONFIG: lab.env.KUBECONFIG ?? '' }, ...more },
  )

/** What there is of a federation in the clusters. */
const left = () =>
  lab.universe.clusters
    .clusters()
    .flatMap(({ spec, store }) =>
      [
        ...store.list('Namespace', {}).filter(({ metadata }) => metadata.name.startsWith('karmada')),
        ...store.list('ClusterRole', {}).filter(({ metadata }) => metadata.name.includes('karmada')),
        ...store.list('ConfigMap', {}).filter(({ metadata }) => metadata.name === 'web'),
      ].map(({ kind, metadata }) => `${kind} ${metadata.name} in ${spec.name}`),
    )

/**
 * In three runs every request fails once: in each another third of them. None fails twice in a row, however they run side
 * by side: what is tried again five times would sooner or later fail each time.
 */
test.each<[number, Failure]>([
  [1, 'reset-after'],
  [2, 'throttle'],
  [3, 'reset-before'],
])('where every third request fails, from number %i on (%s), all goes', async (first, failure) => {
  await build()
  const client = `fault-${first}`
  let met = 0
  const failed = new Set<string>()
  const fault = lab.universe.world.faults.requests.plan({
    failure,
    nth: 1,
    times: forever,
    client,
    concerns: ({ server, operation, path }) => {
      met += 1
      const request = `${server} ${operation} ${path}`
      if (met % 3 !== first % 3 || failed.delete(request)) return false
      failed.add(request)
      return true
    },
  })
  const { error, job } = await run(client)
  fault.forget()
  expect(fault.struck()).toBeGreaterThan(20)
  expect([error, job.outputs.clean, left()]).toEqual([undefined, true, []])
})

test('killed at one write after the other, each run goes on where the last one died', async () => {
  await build()
  const { requests } = lab.universe.world.faults
  let kills = 0
  for (;;) {
    const client = `kill-${kills}`
    const kill = new AbortController()
    const fault = requests.plan({
      failure: 'reset-after',
      nth: kills + 1,
      client,
      concerns: ({ operation }) => /^(create|update|patch|delete) /.test(operation),
      onStrike: () => {
        requests.plan({ failure: 'reset-before', nth: 1, times: forever, client })
        kill.abort(new Error('killed'))
      },
    })
    const { error } = await run(client, { attempt: kills + 1, signal: kill.signal })
    if (fault.struck() === 0) {
      expect([error, left()]).toEqual([undefined, []])
      break
    }
    kills += 1
  }
  expect(kills).toBeGreaterThan(5)
})
