import type { KubeObject } from '@meridian/lab-kube-api'
import { expect, test } from 'vitest'
import { nextSizes, rollingLimits } from '../rolling-update.ts'

const deployment = (replicas: number, strategy: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { replicas, strategy },
})
const set = (replicas: number, available = replicas): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web-1' },
  spec: { replicas },
  status: { replicas, availableReplicas: available },
})

test.each<[number, object, { surge: number; missing: number }]>([
  [6, {}, { surge: 2, missing: 1 }],
  [2, {}, { surge: 1, missing: 0 }],
  [4, { rollingUpdate: { maxSurge: 0, maxUnavailable: '50%' } }, { surge: 0, missing: 2 }],
  [4, { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } }, { surge: 0, missing: 1 }],
])('%i replicas with %j may have %j', (replicas, strategy, limits) => {
  expect(rollingLimits(deployment(replicas, strategy))).toEqual(limits)
})

test.each<[string, KubeObject, KubeObject, KubeObject[], number, number[]]>([
  ['the first rollout starts all at once', deployment(6), set(0), [], 6, []],
  [
    'a rollout begins within the surge, and takes what may be missing',
    deployment(6),
    set(0),
    [set(6)],
    2,
    [5],
  ],
  ['while the new ones are not available, the old ones stay', deployment(6), set(3, 0), [set(5)], 3, [5]],
  ['what is available lets old ones go', deployment(6), set(3), [set(5)], 3, [2]],
  ['old ones that are not available go first', deployment(6), set(2, 0), [set(6, 3)], 2, [5]],
  ['of the old ones the oldest go first', deployment(4), set(4), [set(1), set(1)], 4, [0, 0]],
  ['one that is scaled down shrinks at once', deployment(2), set(6), [], 2, []],
])('%s', (_title, wanted, current, older, size, sizes) => {
  expect(nextSizes(wanted, current, older)).toEqual({ current: size, older: sizes })
})

test('Recreate waits until the old pods are gone', () => {
  const wanted = deployment(3, { type: 'Recreate' })
  expect(nextSizes(wanted, set(0), [set(3)])).toEqual({ current: 0, older: [0] })
  expect(nextSizes(wanted, set(0), [set(0)])).toEqual({ current: 3, older: [0] })
})
