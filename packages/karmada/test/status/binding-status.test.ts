import { describe, expect, test } from 'vitest'
import { type Binding, bindingName, bindingStatus } from '../../src/index.ts'
import { bind, expected, item, yes } from '../bindings.ts'

const single = (clusterName: string) =>
  item(clusterName, { status: { replicas: 1, readyReplicas: 1, updatedReplicas: 1 } })

/** Status items of which the one of Japan is as given. */
const inJapan = (more: object) => ({ aggregatedStatus: [item('usa'), item('eur'), item('jpn', more)] })

describe('an object has arrived', () => {
  test('when it is scheduled, applied and healthy everywhere', () => {
    const status = bindingStatus(bind(), expected)
    expect(status).toMatchObject({ done: true, reason: '' })
    expect(status.regions.map(({ cluster, ready }) => `${cluster} ${ready}`)).toEqual([
      'usa 2',
      'eur 2',
      'jpn 2',
    ])
  })

  test('also in fewer clusters when there are fewer replicas than clusters', () => {
    const binding = bind({
      spec: {
        clusters: [
          { name: 'usa', replicas: 1 },
          { name: 'eur', replicas: 1 },
        ],
      },
      status: { aggregatedStatus: [single('usa'), single('eur')] },
    })
    expect(bindingStatus(binding, { ...expected, replicas: 2 }).done).toBe(true)
  })

  test('whichever cluster a tie has left without a replica', () => {
    const clusters = [
      { name: 'eur', replicas: 1 },
      { name: 'jpn', replicas: 1 },
    ]
    const binding = bind({ spec: { clusters }, status: { aggregatedStatus: ['eur', 'jpn'].map(single) } })
    const status = bindingStatus(binding, { ...expected, replicas: 2 })
    expect(status).toMatchObject({ done: true, unbalanced: false })
    expect(status.regions.map(({ cluster }) => cluster)).toEqual(['eur', 'jpn'])
  })

  test('in the clusters that are asked for, when others are held back', () => {
    const spec = { suspension: { dispatchingOnClusters: { clusterNames: ['jpn', 'eur'] } } }
    const aggregatedStatus = [item('usa')]
    const conditions = [yes('Scheduled')]
    const binding = bind({ spec, status: { aggregatedStatus, conditions } })
    const held = ['eur', 'jpn']
    expect(bindingStatus(binding, { ...expected, held })).toMatchObject({ done: true, reason: '' })
    expect(bindingStatus(binding, expected).reason).toBe('its policy has changed and is not taken up yet')
    const status = bindingStatus(bind({ status: { aggregatedStatus } }), { ...expected, only: ['usa'] })
    expect(status.regions.map(({ cluster }) => cluster)).toEqual(['usa'])
    expect(status.done).toBe(true)
  })

  test('as a ReplicaSet, which knows no versions, once its pods are ready', () => {
    const status = { replicas: 2, readyReplicas: 2 }
    const aggregatedStatus = ['usa', 'eur', 'jpn'].map(name => item(name, { status }))
    const binding = bind({ status: { aggregatedStatus } })
    expect(bindingStatus(binding, { ...expected, versioned: false }).done).toBe(true)
    expect(bindingStatus(binding, expected).done).toBe(false)
  })

  test('as a kind without health of its own once it is applied', () => {
    const binding = bind({
      spec: { clusters: [{ name: 'usa' }] },
      status: { aggregatedStatus: [item('usa', { health: 'Unknown', status: undefined })] },
    })
    const config = { clusters: ['usa'], judged: false }
    expect(bindingStatus(binding, config).done).toBe(true)
    expect(bindingStatus(binding, { ...config, judged: true }).done).toBe(false)
  })

  test('as a Service with a load balancer in each region, whose name is told by cluster', () => {
    const ingress = (hostname: string) => ({ status: { loadBalancer: { ingress: [{ hostname }] } } })
    const aggregatedStatus = [item('usa', ingress('a.elb')), item('eur', ingress('b.elb'))]
    const binding = bind({
      spec: { clusters: [{ name: 'usa' }, { name: 'eur' }] },
      status: { aggregatedStatus },
    })
    const status = bindingStatus(binding, { clusters: ['usa', 'eur'], judged: true })
    expect(status.done).toBe(true)
    expect(status.regions.map(region => region.hostname)).toEqual(['a.elb', 'b.elb'])
  })
})

describe('an object has not arrived', () => {
  test('where its cluster is not ready, whatever was last heard of it', () => {
    const status = bindingStatus(bind(), { ...expected, unready: { jpn: 'the cluster is not ready' } })
    expect(status.done).toBe(false)
    expect(status.regions.map(({ reason }) => reason)).toEqual(['', '', 'the cluster is not ready'])
  })

  test.each<[string, Binding | undefined, string]>([
    ['no binding', undefined, 'no policy has claimed it yet'],
    ['a scheduler behind', bind({ status: { schedulerObservedGeneration: 1 } }), 'waiting for the scheduler'],
    [
      'no cluster that fits',
      bind({
        status: {
          conditions: [{ type: 'Scheduled', status: 'False', message: '0/3 clusters are available' }],
        },
      }),
      '0/3 clusters are available',
    ],
    [
      'too little room, of which the scheduler has recorded no success',
      bind({
        status: {
          schedulerObservedGeneration: undefined,
          conditions: [{ type: 'Scheduled', status: 'False', message: 'failed to assign replicas' }],
        },
      }),
      'failed to assign replicas',
    ],
    [
      'a schedule that failed without a word',
      bind({ status: { conditions: [{ type: 'Scheduled', status: 'False', reason: 'Unschedulable' }] } }),
      'not scheduled: Unschedulable',
    ],
    [
      'a split for two regions',
      bind({
        spec: {
          clusters: [
            { name: 'usa', replicas: 3 },
            { name: 'eur', replicas: 3 },
          ],
        },
      }),
      'divided as usa 3, eur 3 instead of usa 2, eur 2, jpn 2',
    ],
    [
      'works that fail',
      bind({
        status: {
          conditions: [
            yes('Scheduled'),
            { type: 'FullyApplied', status: 'False', message: 'Failed to apply all works' },
          ],
        },
      }),
      'Failed to apply all works',
    ],
  ])('with %s', (_, binding, reason) => {
    const unbalanced = reason.startsWith('divided as')
    expect(bindingStatus(binding, expected)).toMatchObject({ done: false, reason, unbalanced })
  })

  test('when members do not serve its kind, or did not when it was scheduled: all of those are missed', () => {
    const scheduled = { type: 'Scheduled', status: 'False', reason: 'NoClusterFit', message: '0/3' }
    const fitsNowhere = bind({ spec: { clusters: [] }, status: { conditions: [scheduled] } })
    const crowded = bind({ status: { conditions: [{ ...scheduled, reason: 'Unschedulable' }] } })
    const passedOver = bind({ spec: { clusters: [{ name: 'eur' }] } })
    const missed = (binding: Binding) =>
      bindingStatus(binding, { clusters: expected.clusters, judged: false }).missed
    expect(missed(fitsNowhere)).toEqual(['usa', 'eur', 'jpn'])
    expect(missed(crowded)).toEqual([])
    expect(missed(passedOver)).toEqual(['usa', 'jpn'])
    expect(missed(bind())).toEqual([])
  })

  test('when its policy has another placement than the one it was scheduled for', () => {
    const binding = bind({
      spec: { clusters: [], placement: { clusterAffinity: { clusterNames: ['usa'] } } },
    })
    const placement = { clusterAffinity: { clusterNames: ['usa', 'eur'] } }
    expect(bindingStatus(binding, { ...expected, placement }).reason).toBe(
      'its policy has changed and is not taken up yet',
    )
  })

  test.each<[string, object, string]>([
    ['no report', { aggregatedStatus: [item('usa'), item('eur')] }, 'nothing reported yet'],
    [
      'a refusal',
      inJapan({ applied: false, appliedMessage: 'port is already allocated' }),
      'port is already allocated',
    ],
    [
      'pods that start',
      inJapan({ status: { replicas: 2, readyReplicas: 1, updatedReplicas: 2 } }),
      '1/2 replicas ready',
    ],
    [
      'a roll-out half way',
      inJapan({ status: { replicas: 2, readyReplicas: 2, updatedReplicas: 1 } }),
      '1/2 replicas ready',
    ],
    [
      'a new pod that does not start beside the old ones',
      inJapan({ status: { replicas: 3, readyReplicas: 2, updatedReplicas: 2 } }),
      '1/2 replicas ready',
    ],
    [
      'old pods that stay',
      inJapan({ status: { replicas: 3, readyReplicas: 3, updatedReplicas: 2 } }),
      '1 pods too many are still there',
    ],
    [
      'a change that is not taken up',
      inJapan({
        status: { replicas: 2, readyReplicas: 2, updatedReplicas: 2, generation: 2, observedGeneration: 1 },
      }),
      'still runs the version before',
    ],
    [
      'an older version',
      inJapan({ status: { readyReplicas: 2, updatedReplicas: 2, resourceTemplateGeneration: 0 } }),
      'still runs the version before',
    ],
    ['an unhealthy copy', inJapan({ health: 'Unhealthy' }), 'applied, not healthy yet'],
    ['no judgement', inJapan({ health: undefined }), 'health is not known yet'],
  ])('with %s in one region, which says so', (_, status, reason) => {
    const result = bindingStatus(bind({ status }), expected)
    expect(result.done).toBe(false)
    expect(result.regions.map(region => region.reason)).toEqual(['', '', reason])
  })
})

test('a binding is named after its object', () => {
  expect(bindingName('Deployment', 'web')).toBe('web-deployment')
  expect(bindingName('ClusterRole', 'system:x')).toBe('system.x-clusterrole')
})
