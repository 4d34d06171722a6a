import type { KubeObject } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import { buildDesired } from '../src/build-desired.ts'
import { hashAnnotation, markObject } from '../src/mark-object.ts'
import { findForeign, isSame, mayBeNormalized, planStep } from '../src/plan.ts'

const owner = { environment: 'pr-1', app: 'shop' }
const labels = { 'app.kubernetes.io/managed-by': 'meridian', 'meridian.dev/environment': 'pr-1' }
const marks = (run: string) => ({
  labels,
  run: `https://github.com/o/r/actions/runs/${run}`,
  commit: run.repeat(40),
})
const map = (data: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'shop' },
  data,
})
const desired = (object: KubeObject, run = '1') => ({
  object: markObject(object, marks(run)),
  tier: 3,
  role: 'template' as const,
})
const stored = (object: KubeObject, run = '1') => ({
  ...markObject(object, marks(run)),
  status: {},
  more: true,
})

describe('an object', () => {
  test('is created when it is not there', () => {
    expect(planStep(desired(map({ k: 'v' })), undefined).action).toBe('create')
  })

  test('is kept when it is as stated, also if another run has made it', () => {
    expect(planStep(desired(map({ k: 'v' }), '2'), stored(map({ k: 'v' }), '1')).action).toBe('keep')
  })

  test('is changed where it differs, field by field', () => {
    const step = planStep(desired(map({ k: 'w' })), stored(map({ k: 'v' })))
    expect(step.action).toBe('change')
    expect(step.differences).toContainEqual({ path: 'data.k', actual: 'v', desired: 'w' })
  })

  test('is changed when the manifest states less than before', () => {
    const step = planStep(desired(map({ k: 'v' })), stored(map({ k: 'v', old: 'x' })))
    expect(step.action).toBe('change')
    expect(step.differences).toEqual([])
    const fieldsV1 = { 'f:data': { 'f:k': {}, 'f:old': {} } }
    const live = stored(map({ k: 'v', old: 'x', others: 'y' }))
    Object.assign(live.metadata, { managedFields: [{ manager: 'meridian', operation: 'Apply', fieldsV1 }] })
    expect(planStep(desired(map({ k: 'v' })), live).differences).toEqual([
      { path: 'data.old', actual: 'x', desired: undefined },
    ])
  })

  test('hides the values of a Secret', () => {
    const secret = (value: string) => ({ ...map({ password: value }), kind: 'Secret' })
    const step = planStep(desired(secret('bmV3')), stored(secret('b2xk')))
    expect(JSON.stringify(step.differences)).not.toMatch(/bmV3|b2xk/)
    expect(step.differences).toContainEqual({
      path: 'data.password',
      actual: '(hidden)',
      desired: '(hidden)',
    })
  })

  test('of another environment is not taken over', () => {
    const live = stored(map({}))
    live.metadata.labels = { ...labels, 'meridian.dev/environment': 'pr-2' }
    const step = planStep(desired(map({})), live)
    expect(findForeign([step], owner, true)).toEqual(['ConfigMap shop/a belongs to environment pr-2'])
  })

  test('of another app of the environment is not taken over, but a namespace may be shared', () => {
    const live = stored(map({}))
    live.metadata.labels = { ...labels, 'meridian.dev/app': 'blog' }
    const step = planStep(desired(map({})), live)
    expect(findForeign([step], owner, true)).toEqual([
      'ConfigMap shop/a belongs to app blog of this environment',
    ])
    const namespace = { ...step, object: { ...step.object, kind: 'Namespace' } }
    expect(findForeign([namespace], owner, false)).toEqual([])
  })

  test('that somebody else has made is taken over only when asked to', () => {
    const step = planStep(desired(map({})), map({}))
    expect(findForeign([step], owner, false)).toEqual([
      'ConfigMap shop/a is there and was not made by Meridian',
    ])
    expect(findForeign([step], owner, true)).toEqual([])
  })

  test('may only be written another way when its manifest is the same', () => {
    const live = stored(map({ cpu: '0.5' }))
    const normalized = { ...live, data: { cpu: '500m' } }
    expect(mayBeNormalized(planStep(desired(map({ cpu: '0.5' })), normalized))).toBe(true)
    expect(mayBeNormalized(planStep(desired(map({ cpu: '0.6' })), normalized))).toBe(false)
  })

  test('is the same as what a dry run gave, but for what servers count', () => {
    const live = stored(map({ k: 'v' }))
    const result = {
      ...stored(map({ k: 'v' }), '2'),
      metadata: { ...stored(map({ k: 'v' })).metadata, resourceVersion: '9' },
    }
    expect(isSame(live, result)).toBe(true)
    expect(isSame(live, stored(map({ k: 'w' })))).toBe(false)
  })
})

describe('marks', () => {
  const hashOf = (object: KubeObject) => markObject(object, marks('1')).metadata.annotations?.[hashAnnotation]

  test('keep the labels and annotations of a manifest', () => {
    const given = { ...map({}), metadata: { name: 'a', labels: { app: 'x' }, annotations: { note: 'y' } } }
    expect(markObject(given, marks('1')).metadata).toMatchObject({
      labels: { app: 'x', ...labels },
      annotations: { note: 'y', 'meridian.dev/commit': '1'.repeat(40) },
    })
  })

  test('have a hash that does not depend on the order of keys', () => {
    expect(hashOf(map({ a: '1', b: '2' }))).toBe(hashOf(map({ b: '2', a: '1' })))
    expect(hashOf(map({ a: '1' }))).not.toBe(hashOf(map({ a: '2' })))
  })

  test('have a hash that tells nothing of the values of a Secret', () => {
    const secret = (data: object) => hashOf({ ...map(data), kind: 'Secret' })
    expect(secret({ a: '1' })).toBe(secret({ a: '2' }))
    expect(secret({ a: '1' })).not.toBe(secret({ b: '1' }))
  })
})

test('what is applied first is what the rest needs', () => {
  const make = (kind: string, apiVersion = 'v1'): KubeObject => ({
    apiVersion,
    kind,
    metadata: { name: 'x', ...(kind !== 'Namespace' && { namespace: 'shop' }) },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
  })
  const given = [make('Service'), make('Deployment', 'apps/v1'), make('ConfigMap'), make('Namespace')]
  const built = buildDesired(given, { mode: 'even', clusters: ['usa'] }, marks('1'))
  expect(built.map(({ object }) => object.kind)).toEqual([
    'Namespace',
    'OverridePolicy',
    'PropagationPolicy',
    'PropagationPolicy',
    'PropagationPolicy',
    'ConfigMap',
    'Deployment',
    'Service',
  ])
})
