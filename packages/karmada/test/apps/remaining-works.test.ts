import { expect, test } from 'vitest'
import { areSuspended, remnantsOf } from '../../src/apps/remaining-works.ts'
import type { Binding, Cluster } from '../../src/index.ts'

const binding = (name: string): Binding => ({
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ResourceBinding',
  metadata: { name: `${name}-service`, namespace: 'shop' },
  spec: { resource: { apiVersion: 'v1', kind: 'Service', name, namespace: 'shop' } },
})
const work = (of: Binding, cluster: string) => ({
  apiVersion: 'work.karmada.io/v1alpha1',
  kind: 'Work',
  metadata: {
    name: of.metadata.name,
    namespace: `karmada-es-${cluster}`,
    annotations: {
      'resourcebinding.karmada.io/name': of.metadata.name,
      'resourcebinding.karmada.io/namespace': 'shop',
    },
  },
})

test('what members still have of an object is found by their Works, whether its binding is there or not', () => {
  const member = (name: string, status: string): Cluster => ({
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: { syncMode: 'Push' },
    status: { conditions: [{ type: 'Ready', status }] },
  })
  const carrying = (name: string, cluster: string) => {
    const manifest = { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' } }
    return { ...work(binding(name), cluster), spec: { workload: { manifests: [manifest] } } }
  }
  const works = [carrying('web', 'jpn'), carrying('web', 'usa'), carrying('api', 'jpn')]
  const members = [member('usa', 'True'), member('jpn', 'False')]
  expect(remnantsOf(members, works, new Set(['Service shop/web']))).toEqual([
    { object: 'Service shop/web', cluster: 'usa', isReady: true },
    { object: 'Service shop/web', cluster: 'jpn', isReady: false },
  ])
})

test('changes are held back once every Work in a held cluster says so', () => {
  const web = binding('web')
  const held: Binding = {
    ...web,
    spec: { ...web.spec, suspension: { dispatchingOnClusters: { clusterNames: ['jpn'] } } },
  }
  const suspended = { ...work(web, 'jpn'), spec: { suspendDispatching: true } }
  const open = (cluster: string) => ({ ...work(web, cluster), spec: {} })
  expect(areSuspended([held], [suspended, open('usa')])).toBe(true)
  expect(areSuspended([held], [open('jpn')])).toBe(false)
  expect(areSuspended([held], [])).toBe(true)
})

test('the Works of a cluster-wide binding are known by another annotation', () => {
  const wide: Binding = {
    ...binding('web'),
    kind: 'ClusterResourceBinding',
    metadata: { name: 'web-clusterrole' },
    spec: { suspension: { dispatchingOnClusters: { clusterNames: ['jpn'] } } },
  }
  const annotations = { 'clusterresourcebinding.karmada.io/name': 'web-clusterrole' }
  const its = { ...work(wide, 'jpn'), spec: {} }
  expect(areSuspended([wide], [{ ...its, metadata: { ...its.metadata, annotations } }])).toBe(false)
})
