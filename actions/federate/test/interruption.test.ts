import { type LabClusters, startClusters, writesOf } from '@meridian/lab-universe/testing'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { attempt, interrupted } from './in-process.ts'

const names = ['usa', 'eur'] as const

/** What a federation consists of, without what differs from one to another: identities, times and tokens. */
function endState({ universe }: LabClusters): string[] {
  const hosts = universe.clusters.clusters().map(({ spec, store }) => ({ place: spec.name, store }))
  const federations = universe.clusters.federations().map(({ store }) => ({ place: 'federation', store }))
  const kinds = ['Namespace', 'ServiceAccount', 'Secret', 'ClusterRole', 'ClusterRoleBinding', 'Service']
  return [...hosts, ...federations].flatMap(({ place, store }) =>
    [...kinds, 'ConfigMap', 'Deployment', ...(place === 'federation' ? ['Cluster'] : [])].flatMap(kind =>
      store.list(kind, {}).map(({ metadata, data }) => {
        const record = metadata.name === 'meridian-installation' ? JSON.stringify(data) : ''
        const owners = metadata.ownerReferences?.map(owner => `${owner.kind} ${owner.name}`) ?? []
        return [place, kind, metadata.namespace, metadata.name, record, ...owners].join(' ')
      }),
    ),
  )
}

test('an installation that loses its connection once is made good by the run itself', async () => {
  const lab = await startClusters(['usa'])
  onTestFinished(() => lab.close())
  const fault = lab.universe.world.faults.requests.plan({
    failure: 'reset-before',
    nth: 9,
    client: 'karmadactl',
    concerns: ({ operation }) => operation.startsWith('create secrets'),
  })
  const { error, job } = await attempt(lab, ['usa'])
  expect([fault.struck(), error]).toEqual([1, undefined])
  expect(job.lines.join()).toContain('what was made is removed, and it is tried once more')
})

describe('a run that is cut short while it writes', () => {
  let lab: LabClusters
  let undisturbed: string[]

  beforeAll(async () => {
    const calm = await startClusters(names)
    expect((await attempt(calm, names)).error).toBeUndefined()
    undisturbed = endState(calm).sort()
    await calm.close()
    lab = await startClusters(names)
  })
  afterAll(() => lab.close())

  test('at points of the installation is made good by the next', async () => {
    for (const nth of [1, 2, 7, 20, 40]) {
      const { struck } = await interrupted(lab, names, { nth, client: 'karmadactl' })
      expect(struck).toBe(true)
    }
    expect(lab.universe.clusters.federations()).toHaveLength(1)
  })

  test('because the host dies names it with its region, and what to do', async () => {
    const host = `usa.${lab.universe.domain}`
    let back = () => {}
    lab.universe.world.faults.requests.plan({
      failure: 'reset-before',
      nth: 9,
      client: 'karmadactl',
      concerns: ({ operation }) => operation.startsWith('create secrets'),
      onStrike: () => {
        back = lab.universe.clusters.takeAway(host, 'refused')
      },
    })
    const { error } = await attempt(lab, names)
    back()
    expect(error).toMatchObject({
      message: expect.stringContaining('Karmada could not be installed in usa (us-east-1)'),
      fix: expect.stringContaining('run this again'),
    })
  })

  let runs = 0
  let over = false

  // In stretches, so that no limit of time is one of the whole.
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'after each of its own requests is taken up by the next: stretch %i',
    async () => {
      for (let at = 0; at < 4 && !over; at += 1) {
        over = !(await interrupted(lab, names, { nth: 1, client: 'federate' })).struck
        if (!over) runs += 1
      }
    },
  )

  test('as often as there are requests comes to the same end', () => {
    expect(over).toBe(true)
    expect(runs).toBeGreaterThan(15)
    expect(endState(lab).sort()).toEqual(undisturbed)
  })

  test('has left nothing to do to the next', async () => {
    const before = writesOf(lab.universe, 'federate')
    const { error, job } = await attempt(lab, names)
    expect([error, job.outputs.changed]).toEqual([undefined, false])
    expect(writesOf(lab.universe, 'federate')).toEqual(before)
  })
})
