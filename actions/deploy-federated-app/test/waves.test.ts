import { buildPlacement, heldClusters, holdBack, type Placement } from '@meridian/karmada'
import type { KubeObject } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import { shop } from '../../../packages/karmada/test/use-identity.ts'
import { buildDesired } from '../src/plan/build-desired.ts'
import { planStep, type Step } from '../src/plan/plan.ts'
import { orderWaves, waves } from '../src/rollout/parse-waves.ts'
import { formerStaged, holdStep, holdUntil, listStaged, placementIn } from '../src/rollout/plan-waves.ts'
import { applied } from './applied-object.ts'

const order = [['usa'], ['eur', 'jpn']]
const marks = { identity: shop, run: '', commit: '' }
const placement = { mode: 'even', clusters: ['usa', 'eur', 'jpn'] } as const
const map = (k: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'shop' },
  data: { k },
})

/** Steps of an app of one map, of which the federation has what `live` makes of what was applied. */
function plan(k: string, live: (object: KubeObject) => KubeObject | undefined): Step[] {
  return buildDesired([map(k)], placement, marks).map(each => {
    const former = buildDesired([map('old')], placement, marks).find(({ role }) => role === each.role)
    return planStep(each, former && live(applied(former.object)))
  })
}
const held = (clusters: string[]) => (object: KubeObject) =>
  object.kind === 'PropagationPolicy'
    ? { ...holdBack(object, clusters), metadata: { ...object.metadata, annotations: {} } }
    : object

describe('the input waves', () => {
  test('names clusters, alone or together', () => {
    expect(waves('[usa, [eur, jpn]]')).toEqual(order)
  })

  test.each([
    ['[]', /Too small|must/],
    ['[usa, [usa]]', /'usa' twice/],
    ['usa', /must be|expected/i],
    ['[[]]', /must be|must have at least 1 entry/],
    ['[USA]', /must be/],
  ])('is refused as %s', (raw, message) => {
    expect(() => waves(raw)).toThrow(message)
  })

  test('has each cluster once, and one a wave where it is not given', () => {
    expect(orderWaves(undefined, ['usa', 'eur'])).toEqual([['usa'], ['eur']])
    expect(orderWaves(order, ['usa', 'jpn'])).toEqual([['usa'], ['jpn']])
    expect(() => orderWaves([['usa']], ['usa', 'eur'])).toThrow('eur: in no wave')
  })
})

describe('what reaches the regions wave by wave', () => {
  test('is what is new or changed, held back from later waves', () => {
    for (const live of [(object: KubeObject) => object, () => undefined]) {
      const [one] = listStaged(plan('new', live))
      expect(one?.name).toBe('ConfigMap shop/a')
      expect(one && [0, 1].map(at => holdUntil(one, order, at))).toEqual([['eur', 'jpn'], []])
    }
  })

  test('is nothing of what stays as it is', () => {
    expect(listStaged(plan('old', object => object))).toEqual([])
  })

  test('is also what an interrupted run has held back, but no region is held again', () => {
    const [one] = listStaged(plan('old', held(['jpn'])))
    expect(one && [0, 1].map(at => holdUntil(one, order, at))).toEqual([['jpn'], []])
  })
})

describe('a policy that holds back', () => {
  const [one] = listStaged(plan('new', object => object))
  if (one === undefined) throw new Error('nothing moves')

  test('is found to be changed by a run after it', () => {
    const step = holdStep(one, { held: ['jpn'] }, false)
    expect(heldClusters(step.object)).toEqual(['jpn'])
    expect(planStep(one.policy, step.object).action).toBe('change')
  })

  test('is the desired one when it holds back nothing', () => {
    expect(holdStep(one, { held: [] }, true)).toEqual({ ...one.policy, action: 'change' })
  })
})

test('only what was applied before can be gone back to', () => {
  const fieldsV1 = { 'f:data': { 'f:k': {} } }
  const managedFields = [{ manager: 'meridian', operation: 'Apply', fieldsV1 }]
  const applied = (object: KubeObject) => ({
    ...object,
    metadata: { ...object.metadata, managedFields } as KubeObject['metadata'],
  })
  const former = (steps: Step[]) => listStaged(steps).map(each => formerStaged(each)?.template.object)
  expect(former(plan('new', applied))).toEqual([map('old')])
  expect(former(plan('new', () => undefined))).toEqual([undefined])
})

test.each<[what: string, before: Placement, after: Placement, back: Placement]>([
  [
    'with the weight that it has',
    { mode: 'weights', clusters: ['eur'], weights: { eur: 2 } },
    { mode: 'weights', clusters: ['usa', 'eur', 'jpn'], weights: { usa: 3, eur: 2, jpn: 1 } },
    { mode: 'weights', clusters: ['eur', 'usa'], weights: { eur: 2, usa: 3 } },
  ],
  [
    'whole',
    { mode: 'duplicate', clusters: ['eur'] },
    { mode: 'duplicate', clusters: ['usa', 'eur'] },
    { mode: 'duplicate', clusters: ['eur', 'usa'] },
  ],
  [
    'and nowhere where no wave has come to',
    { mode: 'dynamic', clusters: ['eur'] },
    { mode: 'dynamic', clusters: ['eur', 'jpn'] },
    { mode: 'dynamic', clusters: ['eur'] },
  ],
])('on the way back a new region keeps its place: %s', (_, before, after, back) => {
  const desire = (k: string, to: Placement) => buildDesired([map(k)], to, marks)
  const steps = desire('new', after).map(each => {
    const former = desire('old', before).find(({ role }) => role === each.role)
    return planStep(each, former && applied(former.object))
  })
  const [one] = listStaged(steps)
  const former = one && formerStaged(one, ['usa'])
  expect(placementIn(former?.policy.object)).toEqual(buildPlacement(back))
})
