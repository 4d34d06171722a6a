import type { Kube, KubeObject, ObjectType } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import { guestsOf } from '../src/apps/list-guests.ts'
import { judgeObject, listTenants } from '../src/index.ts'
import type { Binding } from '../src/status/binding.ts'
import { marksOf, others, shop } from './use-identity.ts'

const theirs = others['another repository'] ?? shop
const whose = 'pr-1.k8s.example.com of globex/shop'

const policy = (
  kind: string,
  name: string,
  owner: typeof shop | undefined,
  selectors: object[],
): KubeObject => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind,
  metadata: {
    name,
    ...(kind.startsWith('Cluster') ? {} : { namespace: 'shop' }),
    ...(owner && marksOf(owner)),
  },
  spec: { resourceSelectors: selectors },
})
const deployment = (name: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', name })

describe('what others have in a federation', () => {
  const list = (objects: readonly KubeObject[]) => {
    const kube = { list: async (type: ObjectType) => objects.filter(({ kind }) => kind === type.kind) }
    return listTenants(kube as Pick<Kube, 'list'>, shop)
  }

  test('is named by its objects, once, and by its team', async () => {
    const found = await list([
      policy('PropagationPolicy', 'web-deployment', theirs, [deployment('web')]),
      policy('OverridePolicy', 'web-deployment', theirs, [deployment('web')]),
      policy('PropagationPolicy', 'own', shop, [deployment('own')]),
    ])
    expect(found).toEqual([{ what: 'Deployment shop/web', whose }])
  })

  test('is named by its policy where that chooses by labels, and of nobody where it bears no mark', async () => {
    const found = await list([
      policy('ClusterPropagationPolicy', 'all', undefined, [{ apiVersion: 'v1', kind: 'Namespace' }]),
    ])
    const nobody = 'somebody who has left no mark on it'
    expect(found).toEqual([{ what: 'ClusterPropagationPolicy all', whose: nobody }])
  })
})

describe('what leaves with a member', () => {
  const binding = (name: string, by: string | undefined, clusters: string[]): Binding => {
    const prefix = 'propagationpolicy.karmada.io'
    const annotations: Record<string, string> =
      by === undefined ? {} : { [`${prefix}/name`]: by, [`${prefix}/namespace`]: 'shop' }
    return {
      apiVersion: 'work.karmada.io/v1alpha2',
      kind: 'ResourceBinding',
      metadata: { name: `${name}-deployment`, namespace: 'shop', annotations },
      spec: {
        resource: { ...deployment(name), namespace: 'shop' },
        clusters: clusters.map(one => ({ name: one })),
      },
    }
  }
  const policies = [
    policy('PropagationPolicy', 'theirs', theirs, []),
    policy('PropagationPolicy', 'own', shop, []),
  ]
  const guests = (bindings: readonly Binding[]) =>
    guestsOf(bindings, policies, ['jpn'], object => judgeObject(object, shop))

  test.each<[string, Binding, string[]]>([
    ['the app of another in it', binding('web', 'theirs', ['usa', 'jpn']), [whose]],
    ['not their app in other members', binding('web', 'theirs', ['usa']), []],
    ['not an app of ours', binding('web', 'own', ['jpn']), []],
    [
      'what a policy carries that is gone',
      binding('web', 'lost', ['jpn']),
      ['somebody who has left no mark on it'],
    ],
    ['not by itself what only travels with it', binding('settings', undefined, ['jpn']), []],
  ])('is %s', (_, one, owners) => {
    expect(guests([one])).toEqual(owners.map(owner => ({ what: 'Deployment shop/web in jpn', whose: owner })))
  })
})
