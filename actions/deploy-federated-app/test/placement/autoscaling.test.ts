import { type Kube, KubeError, type KubeObject } from '@meridian/kube'
import { summaryFaults, testJob } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { placementOf } from '../../src/placement/app-placement.ts'
import {
  findAutoscalers,
  prepareAutoscaled,
  retainReplicas,
  tellAutoscaled,
} from '../../src/placement/autoscaling.ts'

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
  expect(prepareAutoscaled(given)).toEqual({ templates: given, unsized: new Set(), left: [], fought: [] })
})

test('an autoscaler of what Karmada sets back is refused, with both names', () => {
  expect(() => prepareAutoscaled([scaler('StatefulSet'), object('StatefulSet', 'web', {})])).toThrow(
    'HorizontalPodAutoscaler shop/web scales StatefulSet shop/web: Karmada would set the replicas back',
  )
})

describe('an autoscaler that the federation has and the manifests do not name', () => {
  const carried = (given: KubeObject, namespace = 'shop'): KubeObject => ({
    ...given,
    metadata: {
      ...given.metadata,
      namespace,
      annotations: {
        'propagationpolicy.karmada.io/name': 'p',
        'propagationpolicy.karmada.io/namespace': namespace,
      },
    },
  })
  const web = object('Deployment', 'web', { replicas: 3 })
  const find = (there: KubeObject[], templates: KubeObject[], isPruned = (_: KubeObject) => false) => {
    const list = async ({ kind }: { kind: string }, { namespace = '' } = {}) => {
      if (kind !== 'HorizontalPodAutoscaler')
        throw new KubeError('no such kind', { status: 404, reason: 'UnknownKind', server: 'x' })
      return there.filter(({ metadata }) => metadata.namespace === namespace)
    }
    return findAutoscalers({ list: list as Kube['list'] }, templates, isPruned)
  }

  test.each<[string, KubeObject, KubeObject[], boolean]>([
    ['counts where members have it', carried(scaler('Deployment')), [web], true],
    ['does not where no policy carries it', scaler('Deployment'), [web], false],
    ['does not elsewhere', carried(scaler('Deployment'), 'other'), [web], false],
    [
      'is the manifests’ own where they name it',
      carried(scaler('Deployment')),
      [web, scaler('Deployment')],
      false,
    ],
    [
      'is not asked for without a workload',
      carried(scaler('Deployment')),
      [object('ConfigMap', 'web', {})],
      false,
    ],
  ])('%s', async (_, there, templates, counts) => {
    expect(await find([there], templates)).toEqual(counts ? [there] : [])
  })

  test('does not count where this run prunes it', async () => {
    expect(await find([carried(scaler('Deployment'))], [web], () => true)).toEqual([])
  })

  test('has the members keep the replicas, and the summary says so', () => {
    const autoscaled = prepareAutoscaled([web], [scaler('Deployment')])
    expect(labelsOf(autoscaled.templates)).toEqual(['true'])
    const job = testJob()
    tellAutoscaled(job, autoscaled)
    expect(summaryFaults(`### ✅ App\n${job.summaries.join()}`)).toEqual([])
    expect(job.summaries.join()).toContain(
      '- Deployment shop/web: how many pods each cluster runs is left to HorizontalPodAutoscaler shop/web there',
    )
  })

  test('and scales another kind is warned of: Karmada sets it back', () => {
    const db = object('StatefulSet', 'db', { replicas: 3 })
    const autoscaled = prepareAutoscaled([db], [scaler('StatefulSet', 'db')])
    expect(autoscaled.templates).toEqual([db])
    const job = testJob()
    tellAutoscaled(job, autoscaled)
    expect(job.lines.join()).toMatch(
      /HorizontalPodAutoscaler shop\/web scales StatefulSet shop\/db .*sets its replicas back/,
    )
    expect(job.summaries).toEqual([])
  })
})
