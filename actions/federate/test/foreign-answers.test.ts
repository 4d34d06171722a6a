import { type LabClusters, startClusters, writesOf } from '@meridian/lab-universe/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attempt } from './in-process.ts'

const names = ['usa', 'eur'] as const

describe('what answers in the place of an API server', () => {
  let lab: LabClusters
  beforeAll(async () => {
    lab = await startClusters(names)
    expect((await attempt(lab, names)).error).toBeUndefined()
  })
  afterAll(() => lab.close())

  const operations = [
    'get /api/v1',
    'get configmaps',
    'get namespaces',
    'get secrets',
    'list deployments.apps',
    'list clusters.cluster.karmada.io',
  ]
  const answers = ['proxy-404', 'proxy-page', 'empty-200', 'denied'] as const

  test.each(operations.flatMap(operation => answers.map(failure => [operation, failure] as const)))(
    'to %s with %s is not believed, and nothing is installed, joined or unjoined',
    async (operation, failure) => {
      const fault = {
        failure,
        nth: 1,
        times: Number.POSITIVE_INFINITY,
        client: 'federate',
        operation,
      } as const
      const planned = lab.universe.world.faults.requests.plan(fault)
      const before = writesOf(lab.universe, 'federate')
      const { error } = await attempt(lab, ['usa'], { prune: 'true' })
      expect(error).toBeDefined()
      expect(writesOf(lab.universe, 'federate')).toEqual(before)
      expect(planned.struck()).toBeGreaterThan(0)
      planned.forget()
    },
    60_000,
  )
})
