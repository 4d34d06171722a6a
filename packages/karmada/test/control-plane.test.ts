import type { KubeObject } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import { classifyControlPlane, type Observed, type WorkloadObject } from '../src/control-plane.ts'

const names = [
  'karmada-apiserver',
  'karmada-aggregated-apiserver',
  'kube-controller-manager',
  'karmada-scheduler',
  'karmada-controller-manager',
  'karmada-webhook',
]

function workload(kind: string, name: string, ready = 1): WorkloadObject {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: 'karmada-system', labels: { 'karmada.io/bootstrapping': 'defaults' } },
    spec: {
      replicas: 1,
      template: { spec: { containers: [{ image: `docker.io/karmada/${name}:v1.18.2` }] } },
    },
    status: { availableReplicas: ready, readyReplicas: ready },
  }
}

const object = (kind: string, name: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, ...more },
})

const whole: Observed = {
  namespace: object('Namespace', 'karmada-system'),
  secret: {
    ...object('Secret', 'karmada-cert'),
    data: { 'ca.crt': 'a', 'karmada.crt': 'b', 'karmada.key': 'c' },
  },
  service: undefined,
  deployments: names.map(name => workload('Deployment', name)),
  statefulSets: [workload('StatefulSet', 'etcd')],
}
const nothing: Observed = {
  namespace: whole.namespace,
  secret: undefined,
  service: undefined,
  deployments: [],
  statefulSets: [],
}

describe('a control plane', () => {
  test('is whole when every piece of it was made', () => {
    expect(classifyControlPlane(whole)).toEqual({ state: 'whole', version: '1.18.2', unready: [] })
  })

  test('is whole also when a piece does not run: it must not be taken apart for that', () => {
    const deployments = [...whole.deployments.slice(0, -1), workload('Deployment', 'karmada-webhook', 0)]
    const found = classifyControlPlane({ ...whole, deployments })
    expect(found).toEqual({ state: 'whole', version: '1.18.2', unready: ['karmada-webhook (0/1)'] })
  })

  test('is absent without its namespace', () => {
    expect(classifyControlPlane({ ...nothing, namespace: undefined })).toEqual({ state: 'absent' })
  })

  test('is absent in an empty namespace', () => {
    expect(classifyControlPlane(nothing)).toEqual({ state: 'absent' })
  })

  test('is partial when its installation was cut short', () => {
    const found = classifyControlPlane({ ...whole, deployments: whole.deployments.slice(0, 2) })
    expect(found).toMatchObject({ state: 'partial', exposed: false })
    expect(found.state === 'partial' && found.missing).toEqual(
      names.slice(2).map(name => `Deployment ${name}`),
    )
  })

  test('is partial and was whole once when its load balancer is there', () => {
    const found = classifyControlPlane({ ...whole, service: object('Service', 'lb'), statefulSets: [] })
    expect(found).toEqual({ state: 'partial', missing: ['StatefulSet etcd'], exposed: true })
  })

  test('is partial while its namespace is being deleted', () => {
    const namespace = object('Namespace', 'karmada-system', { deletionTimestamp: '2026-01-01T00:00:00Z' })
    expect(classifyControlPlane({ ...nothing, namespace })).toMatchObject({
      state: 'partial',
      exposed: false,
    })
  })

  test('is foreign when other means have installed it', () => {
    const helm = workload('Deployment', 'karmada-apiserver')
    helm.metadata.labels = { 'app.kubernetes.io/managed-by': 'Helm' }
    expect(classifyControlPlane({ ...nothing, deployments: [helm] })).toEqual({
      state: 'foreign',
      reason: 'Deployment karmada-apiserver was not made by karmadactl init, but by Helm',
    })
  })
})
