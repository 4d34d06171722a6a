import { unmarked } from '@meridian/identity'
import type { KubeObject } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import {
  classifyControlPlane,
  listUnready,
  type Observed,
  type WorkloadObject,
} from '../../src/control-plane/detect-control-plane.ts'
import type { FoundRecord } from '../../src/index.ts'

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
  record: undefined,
  deployments: names.map(name => workload('Deployment', name)),
  statefulSets: [workload('StatefulSet', 'etcd')],
}
const recordIn = (state: FoundRecord['state']): FoundRecord => ({
  state,
  version: '1.18.2',
  reading: unmarked,
  object: object('ConfigMap', 'meridian'),
})
const removing = recordIn('removing')
const nothing: Observed = {
  namespace: whole.namespace,
  secret: undefined,
  service: undefined,
  record: undefined,
  deployments: [],
  statefulSets: [],
}

describe('a control plane', () => {
  test('is whole when every piece of it was made', () => {
    expect(classifyControlPlane(whole)).toEqual({
      state: 'whole',
      version: '1.18.2',
      unready: [],
      record: undefined,
    })
  })

  test('is whole also when a piece does not run: it must not be taken apart for that', () => {
    const deployments = [...whole.deployments.slice(0, -1), workload('Deployment', 'karmada-webhook', 0)]
    const found = classifyControlPlane({ ...whole, deployments })
    expect(found).toMatchObject({ state: 'whole', unready: ['karmada-webhook (0/1)'] })
  })

  test('is absent without its namespace', () => {
    expect(classifyControlPlane({ ...nothing, namespace: undefined })).toEqual({ state: 'absent' })
  })

  test('is absent in an empty namespace', () => {
    expect(classifyControlPlane(nothing)).toEqual({ state: 'absent' })
  })

  test('is not ready while pods of a former template still stand in for the new ones', () => {
    const changed = workload('Deployment', 'karmada-webhook')
    changed.metadata.generation = 2
    changed.status = { ...changed.status, observedGeneration: 2, updatedReplicas: 0 }
    expect(listUnready({ deployments: [changed], statefulSets: [] })).toEqual(['karmada-webhook (1/1)'])
  })

  test.each([
    ['cut-short', { record: recordIn('installing') }],
    ['complete', { record: recordIn('installed') }],
    ['cut-short', { record: removing, service: object('Service', 'lb') }],
    ['complete', { service: object('Service', 'lb') }],
    ['others', {}],
  ] as const)('is partial without some of its Deployments, and its origin is %s with %j', (origin, more) => {
    const found = classifyControlPlane({ ...whole, ...more, deployments: whole.deployments.slice(0, 2) })
    const missing = names.slice(2).map(name => `Deployment ${name}`)
    expect(found).toEqual({ state: 'partial', missing: expect.arrayContaining(missing), origin })
  })

  test('is partial when its removal has begun, however whole it looks', () => {
    const found = classifyControlPlane({ ...whole, record: removing })
    expect(found).toMatchObject({ state: 'partial', origin: 'cut-short' })
  })

  test('is partial while its namespace is being deleted, and may be made anew after that', () => {
    const namespace = object('Namespace', 'karmada-system', { deletionTimestamp: '2026-01-01T00:00:00Z' })
    expect(classifyControlPlane({ ...nothing, namespace })).toMatchObject({
      state: 'partial',
      origin: 'cut-short',
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
