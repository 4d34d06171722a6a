import type { KubeObject } from '@meridian/lab-kube-api'
import { describe, expect, test } from 'vitest'
import { aggregateTemplateStatus } from '../aggregate-status.ts'
import { interpretHealth, reflectStatus } from '../reflect-status.ts'

const deployment = (status: object, generation = 3): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', generation, annotations: { 'resourcetemplate.karmada.io/generation': '4' } },
  spec: { replicas: 2 },
  status,
})
const service = (type: string, hostname?: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { type },
  status: { loadBalancer: hostname ? { ingress: [{ hostname }] } : {} },
})
const pod = (phase: string, ready: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  status: { phase, conditions: [{ type: 'Ready', status: ready }] },
})
const done = {
  observedGeneration: 3,
  replicas: 2,
  updatedReplicas: 2,
  readyReplicas: 2,
  availableReplicas: 2,
}

describe('interpretHealth', () => {
  test.each<[string, KubeObject, string]>([
    ['a Deployment that is all there', deployment(done), 'Healthy'],
    ['a Deployment with a pod missing', deployment({ ...done, availableReplicas: 1 }), 'Unhealthy'],
    ['a Deployment whose controller is behind', deployment({ ...done, observedGeneration: 2 }), 'Unhealthy'],
    ['a load balancer without a name', service('LoadBalancer'), 'Unhealthy'],
    ['a load balancer with a name', service('LoadBalancer', 'a.elb'), 'Healthy'],
    ['a plain Service', service('ClusterIP'), 'Healthy'],
    ['a kind without a rule', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }, 'Healthy'],
    ['a pod that runs, and is not ready', pod('Running', 'False'), 'Unhealthy'],
    ['a pod that is ready', pod('Running', 'True'), 'Healthy'],
    ['a pod that has done its work', pod('Succeeded', 'False'), 'Healthy'],
  ])('%s', (_case, object, health) => {
    expect(interpretHealth(object)).toBe(health)
  })
})

describe('reflectStatus', () => {
  test('brings the counters of a Deployment back, with both generations', () => {
    expect(reflectStatus(deployment({ ...done, conditions: [] }))).toEqual({
      ...done,
      generation: 3,
      resourceTemplateGeneration: 4,
    })
  })

  test('brings only the load balancer of a Service back, and nothing of other types', () => {
    expect(reflectStatus(service('LoadBalancer', 'a.elb'))).toEqual({
      loadBalancer: { ingress: [{ hostname: 'a.elb' }] },
    })
    expect(reflectStatus(service('ClusterIP'))).toBeUndefined()
  })
})

describe('aggregateTemplateStatus', () => {
  const template: KubeObject = {
    ...deployment({ observedGeneration: 1 }),
    metadata: { name: 'web', generation: 4 },
  }
  const item = (clusterName: string, status: object) => ({ clusterName, status: { ...status } })
  const caughtUp = { ...done, generation: 3, resourceTemplateGeneration: 4 }

  test('adds the replicas of all members', () => {
    const items = ['eur', 'jpn', 'usa'].map(name => item(name, caughtUp))
    expect(aggregateTemplateStatus(template, items)).toEqual({
      observedGeneration: 4,
      replicas: 6,
      updatedReplicas: 6,
      readyReplicas: 6,
      availableReplicas: 6,
    })
  })

  test('keeps the observed generation while a member lags behind', () => {
    const items = [item('eur', caughtUp), item('usa', { ...caughtUp, resourceTemplateGeneration: 3 })]
    expect(aggregateTemplateStatus(template, items)).toMatchObject({ observedGeneration: 1 })
  })

  describe('of a Job', () => {
    const job: KubeObject = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'once' } }
    const [start, end, now] = ['2026-01-31T00:00:00Z', '2026-01-31T00:00:09Z', '2026-01-31T00:00:10Z']
    const condition = (type: string) => ({ type, status: 'True' })
    const complete = {
      succeeded: 1,
      startTime: start,
      completionTime: end,
      conditions: [condition('SuccessCriteriaMet'), condition('Complete')],
    }
    const typesIn = (status: object | undefined) =>
      (status as { conditions?: { type: string }[] }).conditions?.map(({ type }) => type)

    test('is complete when it is in all members', () => {
      const all = aggregateTemplateStatus(job, [item('eur', complete), item('usa', complete)], now)
      expect(all).toMatchObject({ succeeded: 2, startTime: start, completionTime: end })
      expect(typesIn(all)).toEqual(['Complete', 'SuccessCriteriaMet'])
    })

    test('goes on while one member has not told its end', () => {
      const some = aggregateTemplateStatus(job, [item('eur', complete), { clusterName: 'usa' }], now)
      expect(some).toEqual({ succeeded: 1 })
    })

    test('has failed when it has in one member', () => {
      const failed = { failed: 1, startTime: start, conditions: [condition('Failed')] }
      const status = aggregateTemplateStatus(job, [item('eur', complete), item('usa', failed)], now)
      expect(status).toMatchObject({
        conditions: [
          { type: 'Failed', reason: 'JobFailed', message: 'Job executed failed in member clusters usa' },
        ],
      })
    })

    test('stays as it ended', () => {
      expect(aggregateTemplateStatus({ ...job, status: complete }, [], now)).toBeUndefined()
    })
  })

  test('unites the names of load balancers, sorted and once each', () => {
    const ingress = (...names: string[]) => ({
      loadBalancer: { ingress: names.map(hostname => ({ hostname })) },
    })
    const items = [
      item('usa', ingress('u.elb')),
      item('eur', ingress('e.elb', 'u.elb')),
      { clusterName: 'jpn' },
    ]
    expect(aggregateTemplateStatus(service('LoadBalancer'), items)).toEqual(ingress('e.elb', 'u.elb'))
  })

  test('knows nothing of kinds without a status of their own', () => {
    expect(
      aggregateTemplateStatus({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }, []),
    ).toBeUndefined()
  })
})
