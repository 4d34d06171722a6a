import { describe, expect, test } from 'vitest'
import type { Cluster } from '../../src/index.ts'
import { joinState, listBarriers } from '../../src/index.ts'

const space = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'karmada-es-usa' } }

function cluster(change: { taints?: Cluster['spec']['taints']; conditions?: object[] } = {}): Cluster {
  return {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'usa' },
    spec: { syncMode: 'Push', ...(change.taints && { taints: change.taints }) },
    status: {
      conditions: (change.conditions ?? [
        { type: 'Ready', status: 'True' },
        { type: 'CompleteAPIEnablements', status: 'True' },
      ]) as NonNullable<Cluster['status']>['conditions'],
    } as Cluster['status'] & object,
  }
}

describe('a member takes part', () => {
  test('once it is ready, its APIs are known, no taint is left and its space is there', () => {
    expect(joinState('usa', cluster(), [space])).toEqual({ name: 'usa', missing: [] })
  })

  test('also while somebody keeps replicas off it, which can be told', () => {
    const cordoned = cluster({ taints: [{ key: 'cluster.karmada.io/unschedulable', effect: 'NoSchedule' }] })
    expect(joinState('usa', cordoned, [space]).missing).toEqual([])
    expect(listBarriers(cordoned)).toEqual(['cluster.karmada.io/unschedulable:NoSchedule'])
    expect(listBarriers(cluster())).toEqual([])
  })

  test.each<[string, Cluster | undefined, (typeof space)[], string[]]>([
    ['it is not registered', undefined, [space], ['it is not registered']],
    [
      'it cannot be reached',
      cluster({
        conditions: [
          { type: 'Ready', status: 'False', reason: 'ClusterNotReachable', message: 'no route' },
          { type: 'CompleteAPIEnablements', status: 'True' },
        ],
      }),
      [space],
      ['not ready (ClusterNotReachable: no route)'],
    ],
    [
      'nothing is reported',
      cluster({ conditions: [] }),
      [space],
      ['not ready', 'its APIs are not all known'],
    ],
    [
      'a taint is left',
      cluster({ taints: [{ key: 'cluster.karmada.io/not-ready', effect: 'NoSchedule' }] }),
      [space],
      ['tainted cluster.karmada.io/not-ready:NoSchedule'],
    ],
    ['its space is missing', cluster(), [], ['no namespace karmada-es-usa']],
  ])('not while %s', (_, given, namespaces, missing) => {
    expect(joinState('usa', given, namespaces)).toEqual({ name: 'usa', missing })
  })
})
