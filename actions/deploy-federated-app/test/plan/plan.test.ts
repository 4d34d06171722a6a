import type { KubeObject } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import { marksOf, olderMarksOf, others, shop } from '../../../../packages/karmada/test/use-identity.ts'
import { buildDesired } from '../../src/plan/build-desired.ts'
import { hashAnnotation, markObject } from '../../src/plan/mark-object.ts'
import { findForeign, isSame, mayBeNormalized, planStep } from '../../src/plan/plan.ts'
import { applied } from '../applied-object.ts'

const identity = { ...shop, app: 'web' }
const marks = (run: string) => ({
  identity,
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
  ...applied(markObject(object, marks(run))),
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
    const live = { ...stored(map({ k: 'v', old: 'x' })), data: { k: 'v', old: 'x', others: 'y' } }
    const step = planStep(desired(map({ k: 'v' })), live)
    expect(step.action).toBe('change')
    expect(step.differences).toEqual([{ path: 'data.old', actual: 'x', desired: undefined }])
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

  const foreign = (metadata: Partial<KubeObject['metadata']>, adopt: boolean, kind = 'ConfigMap') => {
    const step = planStep(desired({ ...map({}), kind }), {
      ...map({}),
      kind,
      metadata: { name: 'a', ...metadata },
    })
    return findForeign([step], identity, adopt)
  }

  test.each(Object.entries(others))('of %s is not taken over, whatever is asked', (_, other) => {
    for (const adopt of [false, true])
      expect(foreign(marksOf({ ...other, app: 'web' }), adopt)[0]).toContain('ConfigMap shop/a belongs to')
  })

  test('of another repository is told by its name', () => {
    const other = { ...shop, repository: { id: '2002', name: 'globex/shop' }, app: 'web' }
    expect(foreign(marksOf(other), true)).toEqual([
      'ConfigMap shop/a belongs to pr-1.k8s.example.com of globex/shop (app web)',
    ])
  })

  test('of another app of the environment is not taken over, but a namespace may be shared', () => {
    const blog = { ...shop, app: 'blog' }
    for (const marksOfBlog of [marksOf(blog), olderMarksOf(blog)]) {
      expect(foreign(marksOfBlog, true)[0]).toContain('(app blog)')
      expect(foreign(marksOfBlog, false, 'Namespace')).toEqual([])
    }
  })

  test('whose mark cannot be read is not taken over', () => {
    const metadata = { annotations: { 'meridian.dev/mark': '<html>' } }
    expect(foreign(metadata, true)[0]).toContain('whose ConfigMap shop/a is cannot be told')
  })

  test('of version 0.1 is taken as ours where its labels say so, and gets its mark', () => {
    expect(foreign(olderMarksOf(identity), false)).toEqual([])
    expect(foreign(olderMarksOf({ ...identity, environment: 'pr-2' }), true)).toEqual([
      "ConfigMap shop/a belongs to the environment 'pr-2' (app web)",
    ])
    const older = stored(map({ k: 'v' }))
    delete older.metadata.annotations?.['meridian.dev/mark']
    expect(planStep(desired(map({ k: 'v' })), older).action).toBe('change')
  })

  test('that bears no mark is taken over only when asked to', () => {
    expect(foreign({}, false)).toEqual(['ConfigMap shop/a is there and was not made by Meridian'])
    expect(foreign({}, true)).toEqual([])
  })

  test('is kept when the server only writes it another way', () => {
    const normalized = { ...stored(map({ cpu: '0.5' })), data: { cpu: '500m' } }
    expect(planStep(desired(map({ cpu: '0.5' })), normalized).action).toBe('keep')
    expect(planStep(desired(map({ cpu: '0.6' })), normalized).action).toBe('change')
  })

  test('is asked about when its manifest is the same, and not all of it is owned', () => {
    const live = stored(map({ k: 'v' }))
    const reset = { ...live, metadata: { ...live.metadata, managedFields: [] } }
    expect(mayBeNormalized(planStep(desired(map({ k: 'v' })), reset))).toBe(true)
    expect(mayBeNormalized(planStep(desired(map({ k: 'w' })), reset))).toBe(false)
    expect(isSame(reset, live)).toBe(false)
  })

  test('is changed when the values of a Secret are others, of which its hash tells nothing', () => {
    const secret = (value: string) => ({ ...map({ password: value }), kind: 'Secret' })
    expect(planStep(desired(secret('bmV3')), stored(secret('bmV3'))).action).toBe('keep')
    expect(planStep(desired(secret('bmV3')), stored(secret('b2xk'))).action).toBe('change')
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
      labels: { app: 'x', ...marksOf(identity).labels },
      annotations: {
        note: 'y',
        'meridian.dev/commit': '1'.repeat(40),
        ...marksOf(identity).annotations,
      },
    })
  })

  test('of a namespace name no app, since several may share it', () => {
    const { metadata } = markObject({ ...map({}), kind: 'Namespace' }, marks('1'))
    expect(metadata).toMatchObject(marksOf(shop))
    expect(metadata.labels).not.toHaveProperty(['meridian.dev/app'])
  })

  test('of policies are those of their template', () => {
    const built = buildDesired([map({})], { mode: 'even', clusters: ['usa'] }, marks('1'))
    for (const { object } of built) expect(object.metadata).toMatchObject(marksOf(identity))
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
