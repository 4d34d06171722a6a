import { describe, expect, test } from 'vitest'
import { schedule } from '../schedule.ts'
import type { Placement, TargetCluster } from '../types.ts'
import { candidate } from './candidate.ts'

const web = { apiVersion: 'apps/v1', kind: 'Deployment', uid: 'u', replicas: 6 }
const service = { apiVersion: 'v1', kind: 'Service', uid: 'u', replicas: 0 }
const usa = candidate('usa', { labels: { tier: 'gold' } })
const eur = candidate('eur', { region: 'eu-west-1', zones: ['eu-west-1a'] })
const jpn = candidate('jpn', { region: 'ap-northeast-1', zones: ['ap-northeast-1a'] })
const all = [usa, eur, jpn]
const divided = { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' } as const
const owned = { key: 'team', value: 'shop', effect: 'NoExecute' }
const notReady = { key: 'cluster.karmada.io/not-ready', effect: 'NoSchedule' }

function weights(...list: [string, number][]): Placement {
  const staticWeightList = list.map(([name, weight]) => ({ targetCluster: { clusterNames: [name] }, weight }))
  return { replicaScheduling: { ...divided, weightPreference: { staticWeightList } } }
}

function targets(
  placement: Placement,
  clusters = all,
  held: TargetCluster[] = [],
  workload = web,
  fresh = false,
) {
  const outcome = schedule(workload, placement, clusters, { held, fresh })
  return outcome.kind === 'scheduled'
    ? Object.fromEntries(outcome.clusters.map(each => [each.name, each.replicas]))
    : outcome.message
}

describe('schedule', () => {
  test.each<[string, Placement, unknown]>([
    ['copies to all without replicaScheduling', {}, { usa: 6, eur: 6, jpn: 6 }],
    [
      'copies when Duplicated',
      { replicaScheduling: { replicaSchedulingType: 'Duplicated' } },
      { usa: 6, eur: 6, jpn: 6 },
    ],
    ['divides evenly without weights', { replicaScheduling: divided }, { usa: 2, eur: 2, jpn: 2 }],
    ['divides by static weights', weights(['usa', 2], ['eur', 1]), { usa: 4, eur: 2 }],
    ['treats weights that match nobody as equal', weights(['mars', 1]), { usa: 2, eur: 2, jpn: 2 }],
    ['keeps to cluster names', { clusterAffinity: { clusterNames: ['usa'] } }, { usa: 6 }],
    [
      'leaves out the excluded',
      { clusterAffinity: { exclude: ['usa'] }, replicaScheduling: divided },
      { eur: 3, jpn: 3 },
    ],
    [
      'selects by label',
      { clusterAffinity: { labelSelector: { matchLabels: { tier: 'gold' } } } },
      { usa: 6 },
    ],
    [
      'selects by region',
      {
        clusterAffinity: {
          fieldSelector: { matchExpressions: [{ key: 'region', operator: 'In', values: ['eu-west-1'] }] },
        },
      },
      { eur: 6 },
    ],
    [
      'falls back to the next affinity group',
      {
        clusterAffinities: [
          { affinityName: 'first', clusterNames: ['mars'] },
          { affinityName: 'second', clusterNames: ['jpn'] },
        ],
      },
      { jpn: 6 },
    ],
    [
      'ignores spread constraints when dividing by static weights',
      {
        replicaScheduling: divided,
        spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 1 }],
      },
      { usa: 2, eur: 2, jpn: 2 },
    ],
    [
      'refuses too few regions otherwise',
      { spreadConstraints: [{ spreadByField: 'region', minGroups: 4 }] },
      'failed to select clusters: the number of feasible region is less than spreadConstraint.MinGroups',
    ],
    [
      'says which filter nobody passed',
      { clusterAffinity: { clusterNames: ['mars'] } },
      '0/3 clusters are available: 3 cluster(s) did not match the placement cluster affinity constraint.',
    ],
  ])('%s', (_case, placement, expected) => {
    expect(targets(placement)).toEqual(expected)
  })

  test('sends what has no replicas whole to every cluster', () => {
    expect(targets({ replicaScheduling: divided }, all, [], service)).toEqual({
      usa: undefined,
      eur: undefined,
      jpn: undefined,
    })
  })

  test('skips a tainted cluster, so that two share six', () => {
    const tainted = [candidate('usa', { taints: [notReady] }), eur, jpn]
    expect(targets({ replicaScheduling: divided }, tainted)).toEqual({ eur: 3, jpn: 3 })
  })

  test('does not drive a workload out of a cluster that is tainted later', () => {
    const tainted = [candidate('usa', { taints: [notReady] }), eur, jpn]
    const held = [{ name: 'usa', replicas: 2 }]
    expect(targets({ replicaScheduling: divided }, tainted, held)).toEqual({ usa: 2, eur: 2, jpn: 2 })
  })

  test('goes to a tainted cluster that the placement tolerates', () => {
    const tainted = [candidate('usa', { taints: [notReady] })]
    const clusterTolerations = [{ key: notReady.key, operator: 'Exists' }]
    expect(targets({ clusterTolerations }, tainted)).toEqual({ usa: 6 })
  })

  test('passes over clusters that are leaving, without a word, or lack the API', () => {
    const odd = [candidate('usa', { terminating: true }), candidate('eur', { enables: () => false })]
    expect(targets({}, odd)).toBe('0/2 clusters are available: 1 cluster(s) did not have the API resource.')
  })

  test('stays where the API has gone since', () => {
    const held = [{ name: 'usa', replicas: 6 }]
    expect(targets({}, [candidate('usa', { enables: () => false })], held)).toEqual({ usa: 6 })
  })

  test('names the taint that keeps it off', () => {
    const tainted = [candidate('usa', { taints: [notReady] }), candidate('eur', { taints: [owned] })]
    expect(targets({}, tainted)).toBe(
      '0/2 clusters are available: 1 cluster(s) had untolerated taint {cluster.karmada.io/not-ready:NoSchedule}, 1 cluster(s) had untolerated taint {team=shop:NoExecute}.',
    )
  })

  test('goes on from the affinity group that it is scheduled by', () => {
    const clusterAffinities = [
      { affinityName: 'first', clusterNames: ['usa'] },
      { affinityName: 'second', clusterNames: ['jpn'] },
    ]
    expect(schedule(web, { clusterAffinities }, all, { affinityName: 'second' })).toEqual({
      kind: 'scheduled',
      clusters: [{ name: 'jpn', replicas: 6 }],
      affinityName: 'second',
    })
  })
})

describe('dividing by free capacity', () => {
  const dynamic = {
    replicaScheduling: { ...divided, weightPreference: { dynamicWeight: 'AvailableReplicas' } },
  } as const
  const aggregated = {
    replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' },
  } as const
  const roomy = candidate('usa', { free: () => 8 })
  const tight = candidate('eur', { free: () => 4 })

  test('is proportional to the room', () => {
    expect(targets(dynamic, [roomy, tight])).toEqual({ usa: 4, eur: 2 })
  })

  test('uses the fewest clusters when aggregated', () => {
    expect(targets(aggregated, [roomy, tight])).toEqual({ usa: 6 })
  })

  test('fails when there is not enough room', () => {
    expect(targets(dynamic, [tight])).toBe(
      'failed to assign replicas: failed to scale up: Clusters available replicas 4 are not enough to schedule.',
    )
  })

  test('counts the room that the workload itself takes', () => {
    expect(targets(dynamic, [tight], [{ name: 'eur', replicas: 2 }])).toEqual({ eur: 6 })
  })

  test.each([
    ['adds only what is missing, by the room', 6, { eur: 3 }, { usa: 2, eur: 4 }],
    ['takes off by what each has', 6, { usa: 8, eur: 4 }, { usa: 4, eur: 2 }],
    ['leaves a sum that fits', 6, { usa: 1, eur: 5 }, { usa: 1, eur: 5 }],
  ])('%s', (_case, replicas, held, expected) => {
    const present = Object.entries(held).map(([name, count]) => ({ name, replicas: count }))
    expect(targets(dynamic, [roomy, tight], present, { ...web, replicas })).toEqual(expected)
  })

  test('divides all of it anew when asked to, counting the room that it takes itself', () => {
    const held = [{ name: 'eur', replicas: 6 }]
    expect(
      targets(
        dynamic,
        [candidate('usa', { free: () => 10 }), candidate('eur', { free: () => 4 })],
        held,
        web,
        true,
      ),
    ).toEqual({ usa: 3, eur: 3 })
  })

  test('prefers the clusters that have it when aggregated', () => {
    const held = [{ name: 'eur', replicas: 2 }]
    expect(targets(aggregated, [roomy, tight], held)).toEqual({ eur: 6 })
  })
})
