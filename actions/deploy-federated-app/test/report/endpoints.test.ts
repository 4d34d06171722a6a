import type { Cluster } from '@meridian/karmada'
import type { KubeObject } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import { countReplicas, findIdle, listEndpoints } from '../../src/report/endpoints.ts'
import type { TemplateStatus } from '../../src/status/template-status.ts'
import { describeProgress } from '../../src/status/wait-for-app.ts'

const members = ['usa', 'eur'].map(
  (name): Cluster => ({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: { syncMode: 'Push', region: name === 'usa' ? 'us-east-1' : 'eu-west-1' },
  }),
)
const region = (cluster: string, more: object = {}) => ({
  cluster,
  replicas: undefined,
  ready: undefined,
  healthy: true,
  hostname: undefined,
  reason: '',
  ...more,
})

function statusOf(kind: string, spec: object, regions: TemplateStatus['status']['regions']): TemplateStatus {
  const template: KubeObject = { apiVersion: 'v1', kind, metadata: { name: 'web', namespace: 'shop' }, spec }
  const done = regions.every(each => each.reason === '')
  return { template, status: { done, reason: '', unbalanced: false, missed: [], regions } }
}

const service = {
  type: 'LoadBalancer',
  ports: [
    { name: 'http', port: 80 },
    { port: 53, protocol: 'UDP' },
  ],
}

describe('endpoints', () => {
  test('are one for each region, with the ports of the Service', () => {
    const statuses = [
      statusOf('Service', service, [region('usa', { hostname: 'a' }), region('eur', { hostname: 'b' })]),
    ]
    const ports = [
      { name: 'http', port: 80, protocol: 'TCP' },
      { port: 53, protocol: 'UDP' },
    ]
    expect(listEndpoints(statuses, members)).toEqual([
      { cluster: 'usa', region: 'us-east-1', service: 'web', hostname: 'a', ports },
      { cluster: 'eur', region: 'eu-west-1', service: 'web', hostname: 'b', ports },
    ])
  })

  test('are never a list that lacks a region', () => {
    const statuses = [statusOf('Service', service, [region('usa', { hostname: 'a' }), region('eur')])]
    expect(() => listEndpoints(statuses, members)).toThrow('Service web has no load balancer in eur')
  })

  test('are none of a Service inside the clusters', () => {
    expect(listEndpoints([statusOf('Service', { type: 'ClusterIP' }, [region('usa')])], members)).toEqual([])
  })
})

test('a cluster with a load balancer and no pod is idle, unless nothing has pods at all', () => {
  const statuses = [
    statusOf(
      'Service',
      service,
      ['usa', 'eur'].map(name => region(name, { hostname: name })),
    ),
  ]
  const endpoints = listEndpoints(statuses, members)
  expect(findIdle(endpoints, { usa: 2, eur: 0 })).toEqual(['eur'])
  expect(findIdle(endpoints, { usa: 0, eur: 0 })).toEqual([])
})

test('replicas are added up over workloads, and a cluster without any has 0', () => {
  const statuses = [
    statusOf('Deployment', {}, [region('usa', { ready: 2 })]),
    statusOf('StatefulSet', {}, [region('usa', { ready: 1 })]),
  ]
  expect(countReplicas(statuses, ['usa', 'eur'])).toEqual({ usa: 3, eur: 0 })
})

describe('progress', () => {
  test('names what each region lacks, and nothing that is done', () => {
    const statuses = [
      statusOf('Deployment', {}, [region('usa', { reason: '1/2 replicas ready' }), region('eur')]),
      statusOf('Service', service, [region('usa')]),
    ]
    expect(describeProgress(statuses)).toBe('Deployment web: usa 1/2 replicas ready')
  })

  test('names what holds up all regions', () => {
    const waiting = statusOf('Deployment', {}, [region('usa', { reason: 'waiting to be scheduled' })])
    waiting.status.reason = '0/3 clusters are available'
    expect(describeProgress([waiting])).toBe('Deployment web: 0/3 clusters are available')
  })
})
