import { type LabClusters, startClusters, writesOf } from '@meridian/lab-universe/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { attempt } from '../../federate/test/in-process.ts'
import { tearDown } from './in-process.ts'

const names = ['usa', 'eur'] as const
const clusters =
  '[{name: usa, region: us-east-1, provider: existing}, {name: eur, region: eu-west-1, provider: existing}]'

describe('where something answers in the place of an API server', () => {
  let lab: LabClusters
  beforeAll(async () => {
    lab = await startClusters(names)
    expect((await attempt(lab, names)).error).toBeUndefined()
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await lab.close()
  })

  const operations = [
    'get /api/v1',
    'get configmaps',
    'get namespaces',
    'get secrets',
    'get services',
    'list deployments.apps',
    'list clusters.cluster.karmada.io',
    'list propagationpolicies.policy.karmada.io',
    'list configmaps',
  ]
  const answers = ['proxy-404', 'proxy-page', 'empty-200', 'denied'] as const

  test('that is out of order, it is silent: nothing is touched, and force is named', async () => {
    const times = Number.POSITIVE_INFINITY
    const operation = 'list clusters.cluster.karmada.io'
    const fault = { failure: 'error', operation, nth: 1, times, client: 'teardown' } as const
    const planned = lab.universe.world.faults.requests.plan(fault)
    const { error } = await tearDown(
      lab.universe,
      'teardown',
      { clusters, scope: 'app,federation' },
      { env: { KUBECONFIG: lab.env.KUBECONFIG ?? '' } },
    )
    planned.forget()
    expect(error?.message).toContain('the federation in usa does not answer, so that nobody can tell')
    expect(writesOf(lab.universe, 'teardown')).toEqual([])
  })

  test.each(operations.flatMap(operation => answers.map(failure => [operation, failure] as const)))(
    'to %s with %s it cannot be told whose a federation is, and nothing is touched, also with force',
    async (operation, failure) => {
      const times = Number.POSITIVE_INFINITY
      const fault = { failure, operation, nth: 1, times, client: 'teardown' }
      const planned = lab.universe.world.faults.requests.plan(fault)
      const before = lab.universe.snapshot()
      const inputs = { clusters, scope: 'app,federation', force: 'true' }
      const { error } = await tearDown(lab.universe, 'teardown', inputs, {
        env: { KUBECONFIG: lab.env.KUBECONFIG ?? '' },
      })
      planned.forget()
      expect([error?.name, planned.struck() > 0]).toEqual(['UserError', true])
      expect(error?.message).toMatch(/cannot be (read|told)/)
      expect(lab.universe.snapshot()).toEqual(before)
      expect(writesOf(lab.universe, 'teardown')).toEqual([])
    },
  )
})
