import type { Cluster } from '@meridian/karmada'
import { describe, expect, test } from 'vitest'
import { listObstacles, resolveNames, settlePlacement } from '../../src/placement/choose-clusters.ts'
import type { GivenSpread } from '../../src/placement/parse-placement.ts'

const members = ['eur', 'jpn', 'usa']

describe('the clusters of an app', () => {
  test.each([
    ['all members where none are listed', { mode: 'even' as const }, undefined, members],
    ['those that are listed, in their order', { mode: 'even' as const }, ['usa', 'eur'], ['usa', 'eur']],
    [
      'those with a weight',
      { mode: 'weights' as const, weights: { usa: 1, eur: 0 } },
      ['usa', 'eur'],
      ['usa'],
    ],
    ['those that remain', { mode: 'even' as const, only: ['jpn'] }, undefined, ['jpn']],
    ['those that are not excluded', { mode: 'even' as const, exclude: ['jpn'] }, undefined, ['eur', 'usa']],
  ])('are %s', (_, placement, listed, expected) => {
    expect(resolveNames(placement, members, listed)).toEqual(expected)
  })

  test('must be members', () => {
    expect(() => resolveNames({ mode: 'even' }, members, ['usa', 'aus'])).toThrow(
      'aus: not a member of the federation',
    )
    expect(() => resolveNames({ mode: 'even', only: ['aus'] }, members, undefined)).toThrow(
      'aus: not a member',
    )
  })

  test('must be some', () => {
    expect(() => resolveNames({ mode: 'even' }, [], undefined)).toThrow('there is no cluster to deploy to')
    expect(() => resolveNames({ mode: 'even', only: ['jpn'] }, members, ['usa'])).toThrow('no cluster')
  })
})

describe('a kind that goes otherwise than the app', () => {
  const clusters = ['usa', 'eur'].map(name => ({ metadata: { name } }))
  const settle = (Job: GivenSpread) => settlePlacement({ mode: 'even', kinds: { Job } }, clusters)

  test.each<[string, GivenSpread, object]>([
    ['all clusters of the app', { mode: 'duplicate' }, { mode: 'duplicate', clusters: ['usa', 'eur'] }],
    ['some of them', { mode: 'even', only: ['eur'] }, { mode: 'even', clusters: ['eur'] }],
    ['all but one', { mode: 'dynamic', exclude: ['eur'] }, { mode: 'dynamic', clusters: ['usa'] }],
    [
      'those with a weight',
      { mode: 'weights', weights: { eur: 2, usa: 0 } },
      { mode: 'weights', clusters: ['eur'], weights: { eur: 2, usa: 0 } },
    ],
  ])('goes to %s', (_, given, expected) => {
    expect(settle(given)).toEqual({ mode: 'even', clusters: ['usa', 'eur'], kinds: { Job: expected } })
  })

  test.each<[string, GivenSpread, string]>([
    [
      'to a cluster where the app does not go',
      { mode: 'even', only: ['jpn'] },
      'Job would go to jpn, where the app',
    ],
    ['to one by its weight', { mode: 'weights', weights: { jpn: 1 } }, 'Job would go to jpn, where the app'],
    ['nowhere', { mode: 'even', exclude: ['usa', 'eur'] }, 'Job would go nowhere'],
  ])('is refused %s', (_, given, message) => {
    expect(() => settle(given)).toThrow(message)
  })
})

describe('a member takes part', () => {
  const cluster = (conditions: [string, string][], taints: object[] = []) =>
    ({
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'jpn' },
      spec: { syncMode: 'Push', taints },
      status: { conditions: conditions.map(([type, status]) => ({ type, status, reason: 'Why' })) },
    }) as Cluster
  const whole: [string, string][] = [
    ['Ready', 'True'],
    ['CompleteAPIEnablements', 'True'],
  ]
  const taint = (key: string) => [{ key, effect: 'NoSchedule' }]

  test.each<[string, Cluster, string[]]>([
    ['when it is ready and its APIs are known', cluster(whole), []],
    [
      'also while no new work is to come to it',
      cluster(whole, taint('cluster.karmada.io/unschedulable')),
      [],
    ],
    ['not when it is not ready', cluster([['Ready', 'False']]), ['is not ready (Why)']],
    [
      'not yet when it has come back just now',
      cluster([['Ready', 'True']], taint('cluster.karmada.io/not-ready')),
      [
        'is ready, but its APIs are not all known yet',
        'is ready, but still tainted cluster.karmada.io/not-ready',
      ],
    ],
  ])('%s', (_, given, obstacles) => {
    expect(listObstacles(given)).toEqual(obstacles)
  })
})
