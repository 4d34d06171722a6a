import { coreKinds, createStore, type KubeObject } from '@meridian/lab-kube-api'
import { describe, expect, test } from 'vitest'
import { karmadaKinds } from '../kinds/index.ts'
import { choosePolicy } from '../match-policy.ts'

const selector = { apiVersion: 'v1', kind: 'Service', name: 'web' }

function create(kind: string, spec: object): KubeObject {
  const store = createStore({ kinds: [...coreKinds, ...karmadaKinds] })
  store.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'lab' } })
  const rebalancer = kind === 'WorkloadRebalancer'
  const apiVersion = `${rebalancer ? 'apps' : 'policy'}.karmada.io/v1alpha1`
  const metadata = { name: 'web', ...(rebalancer ? {} : { namespace: 'lab' }) }
  return store.create(kind, { apiVersion, kind, metadata, spec })
}

test('a PropagationPolicy is filled in with what Karmada defaults', () => {
  expect(create('PropagationPolicy', { resourceSelectors: [selector] }).spec).toMatchObject({
    resourceSelectors: [{ ...selector, namespace: 'lab' }],
    conflictResolution: 'Abort',
    preemption: 'Never',
    priority: 0,
    schedulerName: 'default-scheduler',
  })
})

test('what is divided is divided by weights, unless it says otherwise', () => {
  const divided = (more: object = {}) => ({
    resourceSelectors: [selector],
    placement: { replicaScheduling: { replicaSchedulingType: 'Divided', ...more } },
  })
  const aggregated = { replicaDivisionPreference: 'Aggregated' }
  expect(create('PropagationPolicy', divided()).spec).toMatchObject(
    divided({ replicaDivisionPreference: 'Weighted' }),
  )
  expect(create('PropagationPolicy', divided(aggregated)).spec).toMatchObject(divided(aggregated))
})

test('an OverridePolicy has empty overriders beside its rules, as the webhook writes them', () => {
  const overrideRules = [{ overriders: { labelsOverrider: [{ operator: 'add', value: { a: 'b' } }] } }]
  for (const given of [{}, { overriders: {} }])
    expect(create('OverridePolicy', { overrideRules, ...given }).spec).toEqual({
      overrideRules,
      overriders: {},
    })
})

describe('what Karmada refuses', () => {
  const placed = (placement: object) => ({ resourceSelectors: [selector], placement })
  test.each<[string, string, object, string]>([
    ['no selector', 'PropagationPolicy', {}, 'spec.resourceSelectors: Required value'],
    [
      'a selector without kind',
      'PropagationPolicy',
      { resourceSelectors: [{ apiVersion: 'v1' }] },
      'resourceSelectors[0].kind: Required value',
    ],
    [
      'another namespace',
      'PropagationPolicy',
      { resourceSelectors: [{ ...selector, namespace: 'x' }] },
      'resourceSelectors[0].namespace',
    ],
    [
      'two affinities',
      'PropagationPolicy',
      placed({ clusterAffinity: {}, clusterAffinities: [] }),
      'can not co-exist',
    ],
    [
      'an unknown division',
      'PropagationPolicy',
      placed({ replicaScheduling: { replicaSchedulingType: 'Even' } }),
      'supported values: "Duplicated", "Divided"',
    ],
    [
      'a weight below one',
      'PropagationPolicy',
      placed({ replicaScheduling: { weightPreference: { staticWeightList: [{ weight: 0 }] } } }),
      'should be greater than or equal to 1',
    ],
    [
      'a spread by region alone',
      'PropagationPolicy',
      placed({ spreadConstraints: [{ spreadByField: 'region', minGroups: 2 }] }),
      'the cluster spread constraint must be enabled',
    ],
    [
      'overriders beside rules',
      'OverridePolicy',
      { overrideRules: [], overriders: { labelsOverrider: [{ operator: 'add', value: { a: 'b' } }] } },
      "overrideRules and overriders can't co-exist",
    ],
    [
      'an override path without slash',
      'OverridePolicy',
      { overrideRules: [{ overriders: { plaintext: [{ path: 'spec', operator: 'remove' }] } }] },
      'path must start with /',
    ],
    [
      'a rebalancer without workloads',
      'WorkloadRebalancer',
      { workloads: [] },
      'should have at least 1 items',
    ],
  ])('%s', (_case, kind, spec, message) => {
    expect(() => create(kind, spec)).toThrow(message)
  })
})

describe('choosePolicy', () => {
  const service: KubeObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'lab', labels: { app: 'web' } },
  }
  const policy = (name: string, given: object, priority = 0) => ({
    metadata: { name, namespace: 'lab' },
    spec: { priority, resourceSelectors: [{ apiVersion: 'v1', kind: 'Service', ...given }] },
  })
  const named = policy('named', { name: 'web' })
  const labelled = policy('labelled', { labelSelector: { matchLabels: { app: 'web' } } })
  const general = policy('general', {})

  test.each([
    ['the more precise selector', [general, labelled, named], 'named'],
    ['labels before everything', [general, labelled], 'labelled'],
    ['a higher priority before precision', [named, policy('urgent', {}, 5)], 'urgent'],
    ['the first name among equals', [policy('b', {}), policy('a', {})], 'a'],
  ])('takes %s', (_case, policies, expected) => {
    expect(choosePolicy(service, policies)?.metadata.name).toBe(expected)
  })

  test('finds none for an object that nobody selects', () => {
    expect(choosePolicy(service, [policy('other', { name: 'other' })])).toBeUndefined()
  })
})
