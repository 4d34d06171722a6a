import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../api/index.ts'
import { buildManifest } from '../build-manifest.ts'
import { findDependencies } from '../find-dependencies.ts'

const metadata = {
  name: 'web',
  namespace: 'lab',
  uid: 'u-1',
  resourceVersion: '9',
  generation: 2,
  managedFields: [],
}

describe('buildManifest', () => {
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
    expect(buildManifest(service, { name: 'usa' }, true)).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'web',
        namespace: 'lab',
        labels: {},
        annotations: {
          'resourcetemplate.karmada.io/uid': 'u-1',
          'resourcetemplate.karmada.io/generation': '2',
        },
      },
      spec: { ports: [{ port: 80, nodePort: 31_000 }], healthCheckNodePort: 31_001 },
    })
  })

  test('gives a Deployment the replicas of the schedule, and leaves one that is scaled to nothing as it is', () => {
    const deployment: KubeObject = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { replicas: 6 },
    }
    expect(buildManifest(deployment, { name: 'usa', replicas: 2 }, true).spec).toEqual({ replicas: 2 })
    expect(buildManifest(deployment, { name: 'usa' }, false).spec).toEqual({ replicas: 6 })
  })
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
  expect(findDependencies(workload).map(each => `${each.kind}/${each.name}`)).toEqual([
    'ConfigMap/settings',
    'Secret/keys',
    'PersistentVolumeClaim/data',
    'Secret/password',
    'Secret/registry',
    'ServiceAccount/robot',
  ])
})
