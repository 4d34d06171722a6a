import type { KubeObject } from '@meridian/lab-kube-api'
import { describe, expect, test } from 'vitest'
import { buildManifest, pruneManifest } from '../build-manifest.ts'
import { findDependencies } from '../find-dependencies.ts'
import { templateReplicas } from '../interpret-replicas.ts'
import { workName } from '../names.ts'

const metadata = {
  name: 'web',
  namespace: 'lab',
  uid: 'u-1',
  resourceVersion: '9',
  generation: 2,
  managedFields: [],
}

const divided = { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' } as const
const resource = { apiVersion: 'v1', kind: 'Thing', name: 'web', uid: 'u-1' }
const targets = [
  { name: 'eur', replicas: 2 },
  { name: 'usa', replicas: 4 },
]

function shareOf(apiVersion: string, kind: string, spec: object, replicas: number | undefined) {
  const template: KubeObject = { apiVersion, kind, metadata, spec }
  const binding = { resource, placement: { replicaScheduling: divided }, ...(replicas && { replicas }) }
  return buildManifest(template, binding, targets, { name: 'eur', replicas: 2 }).spec
}

test.each<[string, string, string, object, number | undefined, object]>([
  ['a Deployment its replicas', 'apps/v1', 'Deployment', { replicas: 6 }, 6, { replicas: 2 }],
  ['a Job its pods at a time', 'batch/v1', 'Job', { parallelism: 6 }, 6, { parallelism: 2 }],
  [
    'a Job its completions, in proportion',
    'batch/v1',
    'Job',
    { parallelism: 6, completions: 12 },
    6,
    { parallelism: 2, completions: 4 },
  ],
  ['a Pod nothing, it is whole', 'v1', 'Pod', { nodeName: 'a' }, 1, { nodeName: 'a' }],
  ['a Service nothing', 'v1', 'Service', { type: 'ClusterIP' }, undefined, { type: 'ClusterIP' }],
])('a member gets of %s', (_case, apiVersion, kind, spec, replicas, expected) => {
  expect(shareOf(apiVersion, kind, spec, replicas)).toEqual(expected)
})

test.each<[string, string, object, number | undefined]>([
  ['apps/v1', 'StatefulSet', { replicas: 3 }, 3],
  ['batch/v1', 'Job', { parallelism: 4 }, 4],
  ['batch/v1', 'Job', { parallelism: 4, completions: 2 }, 2],
  ['v1', 'Pod', {}, 1],
  ['apps/v1', 'DaemonSet', {}, undefined],
  ['batch/v1', 'CronJob', {}, undefined],
])('the replicas of a %s %s with %j are %s', (apiVersion, kind, spec, expected) => {
  expect(templateReplicas({ apiVersion, kind, metadata, spec })).toBe(expected)
})

describe('pruneManifest', () => {
  test('drops what the API server added, but keeps the node ports of a Service', () => {
    const service: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        clusterIP: '100.64.0.9',
        clusterIPs: ['100.64.0.9'],
        ports: [{ port: 80, nodePort: 31_000 }],
        healthCheckNodePort: 31_001,
      },
      status: { loadBalancer: {} },
    }
    expect(pruneManifest(service)).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'lab' },
      spec: { ports: [{ port: 80, nodePort: 31_000 }], healthCheckNodePort: 31_001 },
    })
  })

  test('drops the labels by which a cluster knows the pods of a Job, and when it is to go', () => {
    const labels = (more: object) => ({
      'controller-uid': 'u',
      'batch.kubernetes.io/controller-uid': 'u',
      ...more,
    })
    const job: KubeObject = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: {
        ttlSecondsAfterFinished: 60,
        selector: { matchLabels: labels({}) },
        template: { metadata: { labels: labels({ 'job-name': 'web', app: 'web' }) } },
      },
    }
    expect(pruneManifest(job).spec).toEqual({
      selector: { matchLabels: {} },
      template: { metadata: { labels: { app: 'web' } } },
    })
  })
})

test('a Work is named as Karmada names it', () => {
  expect(workName('Deployment', 'nginx', 'default')).toBe('nginx-687f7fb96f')
  expect(workName('ClusterRole', 'karmada-impersonator', undefined)).toBe('karmada-impersonator-7cbb6bd5c9')
  expect(workName('ClusterRole', 'team:Reader', undefined)).toMatch(/^team\.reader-[a-z0-9]+$/)
})

test('findDependencies lists what the pods of a workload use, once each', () => {
  const spec = {
    serviceAccountName: 'robot',
    imagePullSecrets: [{ name: 'registry' }],
    volumes: [
      { configMap: { name: 'settings' } },
      { secret: { secretName: 'keys' } },
      { persistentVolumeClaim: { claimName: 'data' } },
    ],
    containers: [
      {
        envFrom: [{ configMapRef: { name: 'settings' } }],
        env: [{ valueFrom: { secretKeyRef: { name: 'password', key: 'p' } } }, { name: 'plain', value: '1' }],
      },
    ],
  }
  const workload: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { template: { spec } },
  }
  expect(findDependencies(workload)?.map(each => `${each.kind}/${each.name}`)).toEqual([
    'ConfigMap/settings',
    'Secret/keys',
    'PersistentVolumeClaim/data',
    'Secret/password',
    'Secret/registry',
    'ServiceAccount/robot',
  ])
})
