import { expect, test } from 'vitest'
import type { Binding } from '../src/index.ts'
import { areSuspended, strandedIn } from '../src/works.ts'

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

test('what is left only in dead members is stranded, and said to be there', () => {
  const [web, api, gone] = [binding('web'), binding('api'), binding('gone')]
  const works = [work(web, 'jpn'), work(api, 'jpn'), work(api, 'usa')]
  expect([...strandedIn(['jpn'], [web, api, gone], works).values()]).toEqual([['Service shop/web in jpn']])
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
