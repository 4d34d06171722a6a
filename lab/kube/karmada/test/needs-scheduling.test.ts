import { describe, expect, test } from 'vitest'
import type { KubeObject } from '../../api/index.ts'
import { appliedPlacement, type BindingSpec, needsScheduling, scheduledTime } from '../needs-scheduling.ts'

const placement = { replicaScheduling: { replicaSchedulingType: 'Divided' } } as const
const resource = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'u' }
const settled: BindingSpec = { resource, replicas: 6, placement, clusters: [{ name: 'usa', replicas: 6 }] }
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
    ['something without replicas', binding({ replicas: 0 }), true],
    ['something that is copied', binding({ placement: {} }, {}), true],
    ['a target that leaves', binding({ clusters: [{ name: 'gone', replicas: 6 }] }), true],
  ])('%s', (_case, object, expected) => {
    expect(needsScheduling(object, cluster => cluster === 'gone')).toBe(expected)
  })
})

test('the time of a schedule is later than what triggered it, even within one second', () => {
  expect(scheduledTime(earlier, undefined)).toBe(earlier)
  expect(scheduledTime(earlier, earlier)).toBe('2026-11-23T10:00:01Z')
  expect(scheduledTime('2026-11-23T10:00:09Z', earlier)).toBe('2026-11-23T10:00:09Z')
})
