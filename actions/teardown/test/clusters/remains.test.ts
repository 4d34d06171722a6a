import { startUniverse, type Universe } from '@meridian/lab-universe'
import { stubAws } from '@meridian/lab-universe/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { killAt, tearDown } from '../in-process.ts'
import { labelsOf, loseBucket, makeBucket, makeNamedCluster } from '../lab-environment.ts'

/** One world, in which each test has an environment of its own. */
let universe: Universe
const points = ['start', 'config', 'instance-group', 'vpc', 'autoscaling-group', 'end'] as const
const deletionPoints = ['delete-start', 'delete-resource', 'delete-cloud', 'delete-state'] as const

beforeAll(async () => {
  const faults = [...points, ...deletionPoints].map(point => `kill-kops:${point}`)
  universe = await startUniverse({ scale: 10_000, faults })
  stubAws(universe)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await universe.close()
})

const nameOf = (environment: string) => `usa.${environment}.k8s.example.com`
const inputsOf = (environment: string) => ({
  environment,
  clusters: '[{name: usa, region: us-east-1}]',
  scope: 'clusters,state',
})
const left = (environment: string) =>
  universe.world.inventory
    .list(
      ({ tags, id }) => tags.KubernetesCluster === nameOf(environment) || id.startsWith(nameOf(environment)),
    )
    .map(({ type, id }) => `${type} ${id}`)

/** A cluster on which kops dies at the given point only, and at none without one. */
async function make(environment: string, deathAt?: string) {
  const name = nameOf(environment)
  for (const point of [...points, ...deletionPoints])
    if (point !== deathAt) universe.world.faults.strike('kill-kops', `${point} ${name}`, 1)
  await makeBucket(universe, environment, { cluster: name })
  const made = makeNamedCluster(universe, name, labelsOf(environment, name), '--yes')
  if (points.some(point => point === deathAt)) await expect(made).rejects.toMatchObject({ signal: 'SIGKILL' })
  else await made
}

test.concurrent.each(points)('kops killed at %s leaves nothing that teardown does not find', async point => {
  await make(point, point)
  const { error } = await tearDown(universe, point, inputsOf(point))
  expect([error, left(point)]).toEqual([undefined, []])
})

test.concurrent.each(deletionPoints)('kops killed at %s is run again', async point => {
  await make(point, point)
  const { error } = await tearDown(universe, point, inputsOf(point))
  expect([error, left(point)]).toEqual([undefined, []])
})

test.concurrent('a cluster whose bucket was lost is found by its tags, and goes', async () => {
  await make('lost')
  await loseBucket(universe, `${nameOf('lost')}-state`)
  const { error, job } = await tearDown(universe, 'teardown', inputsOf('lost'))
  expect([error, left('lost')]).toEqual([undefined, []])
  expect(job.lines.join('\n')).toContain('kops does not know it any more')
})

test.concurrent('a cluster whose bucket was lost and that nothing marks as ours stays', async () => {
  universe.world.inventory.add({
    type: 'vpc',
    region: 'us-east-1',
    tags: { KubernetesCluster: nameOf('foreign') },
  })
  const { error } = await tearDown(universe, 'foreign', inputsOf('foreign'))
  expect(error?.message).toContain(`1 resources of ${nameOf('foreign')} in us-east-1 are not this run's own`)
  expect(left('foreign')).toHaveLength(1)
})

test.concurrent('what is in the way is named with its owner', async () => {
  await make('stuck')
  const [vpc] = universe.world.inventory.list({ type: 'vpc', tags: { KubernetesCluster: nameOf('stuck') } })
  const balancer = universe.world.inventory.add({
    type: 'load-balancer',
    region: 'us-east-1',
    name: 'theirs',
    tags: { Name: 'shop', 'meridian:owner': 'other/repo' },
    attributes: { type: 'classic', vpcId: vpc?.id, dnsName: 'theirs-1.us-east-1.elb.amazonaws.com' },
  })
  const { error } = await tearDown(universe, 'teardown', { ...inputsOf('stuck'), 'cluster-timeout': '1m' })
  expect(error?.message).toContain(
    'still in its VPC: classic load balancer theirs, meridian:owner=other/repo Name=shop, not of this cluster',
  )
  expect(error?.message).toMatch(/subnet subnet-\w+ are still used by something that kops does not list/)
  expect(universe.world.inventory.get(balancer.id)).toBeDefined()
})

test.concurrent('of two teardowns at once one waits for the other, and both end well', async () => {
  await make('twice')
  const runs = await Promise.all(
    ['twice', 'twice-too'].map(client => tearDown(universe, client, inputsOf('twice'))),
  )
  expect([runs.map(({ error }) => error), left('twice')]).toEqual([[undefined, undefined], []])
  expect(runs.map(({ job }) => job.outputs.clean)).toEqual([true, true])
})

test.concurrent('a run that is killed before kops has begun leaves everything for the next one', async () => {
  await make('early')
  const before = left('early').length
  for (let nth = 1; nth <= 12; nth += 1) {
    const { signal, forget } = killAt(universe, 'early', nth)
    const { error } = await tearDown(universe, 'early', inputsOf('early'), { signal, attempt: nth })
    forget()
    expect([error === undefined, left('early').length]).toEqual([false, before])
  }
  const { error } = await tearDown(universe, 'early', inputsOf('early'), { attempt: 99 })
  expect([error, left('early')]).toEqual([undefined, []])
})
