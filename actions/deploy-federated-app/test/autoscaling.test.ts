import type { KubeObject } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import { placementOf } from '../src/app-placement.ts'
import { prepareAutoscaled, retainReplicas } from '../src/autoscaling.ts'

const object = (kind: string, name: string, spec: object, labels?: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'shop', ...(labels && { labels }) },
  spec,
})
const scaler = (kind: string, name = 'web') =>
  object('HorizontalPodAutoscaler', 'web', { scaleTargetRef: { apiVersion: 'apps/v1', kind, name } })
const labelsOf = (templates: readonly KubeObject[]) =>
  templates.map(({ metadata }) => metadata.labels?.[retainReplicas])

describe('a Deployment that an autoscaler of the manifests governs', () => {
  test.each([
    ['HorizontalPodAutoscaler', scaler('Deployment')],
    [
      "KEDA's ScaledObject, whose target is one by default",
      object('ScaledObject', 'web', { scaleTargetRef: { name: 'web' } }),
    ],
  ])('keeps its replicas in the members (%s)', (_, autoscaler) => {
    const { templates, unsized } = prepareAutoscaled([
      autoscaler,
      object('Deployment', 'web', { replicas: 3 }),
    ])
    expect(labelsOf(templates)).toEqual([undefined, 'true'])
    expect([...unsized]).toEqual([])
  })

  test('and that states no replicas goes to each cluster, where its autoscaler decides', () => {
    const web = object('Deployment', 'web', {})
    const { unsized } = prepareAutoscaled([scaler('Deployment'), web])
    const app = { mode: 'even', clusters: ['usa', 'eur'], unsized } as const
    expect(placementOf(app, web)).toEqual({ mode: 'duplicate', clusters: ['usa', 'eur'] })
    expect(placementOf(app, object('Deployment', 'other', {}))).toEqual({
      mode: 'even',
      clusters: ['usa', 'eur'],
    })
  })

  test('is left as it is where its own label says otherwise', () => {
    const web = object('Deployment', 'web', {}, { [retainReplicas]: 'false' })
    const { templates, unsized } = prepareAutoscaled([scaler('Deployment'), web])
    expect([templates[1], unsized.size]).toEqual([web, 0])
  })
})

test('what no autoscaler names is left as it is', () => {
  const given = [
    scaler('Deployment'),
    object('Deployment', 'db', {}),
    { ...object('Deployment', 'web', {}), metadata: { name: 'web', namespace: 'other' } },
  ]
  expect(prepareAutoscaled(given)).toEqual({ templates: given, unsized: new Set() })
})

test('an autoscaler of what Karmada sets back is refused, with both names', () => {
  expect(() => prepareAutoscaled([scaler('StatefulSet'), object('StatefulSet', 'web', {})])).toThrow(
    'HorizontalPodAutoscaler shop/web scales StatefulSet shop/web: Karmada would set the replicas back',
  )
})
