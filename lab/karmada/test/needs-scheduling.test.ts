import type { KubeObject } from '@meridian/lab-kube-api'
import { describe, expect, test } from 'vitest'
import {
  appliedPlacement,
  type BindingSpec,
  isRescheduleTriggered,
  needsScheduling,
} from '../needs-scheduling.ts'

const placement = { replicaScheduling: { replicaSchedulingType: 'Divided' } } as const
const resource = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'u' }
const requirements = { resourceRequest: { cpu: '1' } }
const settled: BindingSpec = { resource, replicas: 6, placement, clusters: [{ name: 'usa', replicas: 6 }] }
const copied = { replicaScheduling: { replicaSchedulingType: 'Duplicated' } } as const
const earlier = '2026-11-23T10:00:00Z'

function binding(spec: Partial<BindingSpec>, applied: object | undefined = placement): KubeObject {
  return {
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    metadata: { name: 'web', annotations: applied ? { [appliedPlacement]: JSON.stringify(applied) } : {} },
    spec: { ...settled, ...spec },
    status: { lastScheduledTime: earlier },
  }
}

describe('needsScheduling', () => {
  test.each<[string, KubeObject, boolean]>([
    ['a new binding', { ...binding({}), metadata: { name: 'web' } }, true],
    ['a divided one that is settled', binding({}), false],
    ['a changed placement', binding({}, {}), true],
    ['a changed sum of replicas', binding({ replicas: 7 }), true],
    ['an explicit trigger', binding({ rescheduleTriggeredAt: '2026-11-23T10:00:05Z' }), true],
    ['an old trigger', binding({ rescheduleTriggeredAt: '2026-11-23T09:00:00Z' }), false],
    ['a trigger in the second of the last schedule', binding({ rescheduleTriggeredAt: earlier }), false],
    ['something without pods', binding({ replicas: 0, clusters: [{ name: 'usa' }] }), true],
    [
      'something scaled to nothing',
      binding({ replicas: 0, replicaRequirements: requirements, clusters: [] }),
      false,
    ],
    ['a copy with too few replicas', binding({ placement: copied }, copied), true],
    ['something that is copied', binding({ placement: {} }, {}), true],
    ['a target that leaves', binding({ clusters: [{ name: 'gone', replicas: 6 }] }), true],
  ])('%s', (_case, object, expected) => {
    expect(needsScheduling(object, cluster => cluster === 'gone')).toBe(expected)
  })
})

test('before the first schedule nothing is asked for anew', () => {
  const asked = binding({ rescheduleTriggeredAt: earlier })
  expect(isRescheduleTriggered({ ...asked, status: {} })).toBe(false)
})

describe('of several affinity groups', () => {
  const group = (affinityName: string, ...clusterNames: string[]) => ({ affinityName, clusterNames })
  const [near, far] = [group('near', 'usa'), group('far', 'jpn')]
  const of = (...clusterAffinities: ReturnType<typeof group>[]) => ({ ...placement, clusterAffinities })
  const byFar = (next: ReturnType<typeof of>) => ({
    ...binding({ placement: next }, of(near, far)),
    status: { lastScheduledTime: earlier, schedulerObservingAffinityName: 'far' },
  })

  test.each([
    ['another one is changed', of(group('near', 'eur'), far), false],
    ['the one in force is changed', of(near, group('far', 'eur')), true],
    ['the one in force goes', of(near), true],
  ])('%s', (_case, next, expected) => {
    expect(needsScheduling(byFar(next), () => false)).toBe(expected)
  })
})
