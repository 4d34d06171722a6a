import { testJob } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { awaitWorkloads, findUnready } from '../../src/health/wait-for-workloads.ts'

const workload = (name: string, given: { ready?: number; observed?: number; replicas?: number } = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop', generation: 2 },
  spec: { replicas: given.replicas ?? 2 },
  status: { readyReplicas: given.ready ?? 2, observedGeneration: given.observed ?? 2 },
})

test('what lacks pods is named, and what its controller has not seen yet counts as without any', () => {
  expect(
    findUnready([
      workload('whole'),
      workload('short', { ready: 1 }),
      workload('late', { observed: 1 }),
      workload('empty', { replicas: 0, ready: 0 }),
    ]),
  ).toEqual(['shop/short has 1 of 2', 'shop/late has 0 of 2'])
})

test('it is waited for, of every kind, wherever the federation runs it', async () => {
  const asked: string[] = []
  let looks = 0
  const list = async ({ kind }: { kind: string }, where: object) => {
    looks += 1
    asked.push(`${kind} ${JSON.stringify(where)}`)
    return looks <= 4 ? [workload('web', { ready: 1 })] : [workload('web')]
  }
  await awaitWorkloads({ list } as never, testJob({ deadline: Date.now() + 60_000 }))
  expect(looks).toBe(8)
  expect(new Set(asked).size).toBe(4)
})
