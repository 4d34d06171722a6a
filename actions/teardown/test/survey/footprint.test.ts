import type { KubeObject } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import { describeVolume, isClaimOf } from '../../src/survey/footprint.ts'

describe('a claim of a volume', () => {
  const set: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { volumeClaimTemplates: [{ metadata: { name: 'data' } }] },
  }
  const claim = (name: string, namespace = 'shop') => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace },
  })

  test.each([
    ['of its StatefulSet', claim('data-db-0'), true],
    ['of one whose name begins alike', claim('data-db-a-0'), false],
    ['of one of this name elsewhere', claim('data-db-0', 'other'), false],
    ['of nobody', claim('db-0'), false],
  ])('is known: %s', (_, given, expected) => {
    expect(isClaimOf([set], given)).toBe(expected)
  })
})

test.each<[string, string | undefined, boolean, string]>([
  ['that goes', 'Delete', false, 'volume vol-1'],
  ['that is retained', 'Retain', false, 'volume vol-1, which stays: its reclaim policy is Retain'],
  ['of a StatefulSet', 'Delete', true, 'volume vol-1, which stays: StatefulSets leave their claims behind'],
  ['that is not there yet', undefined, false, 'no volume yet'],
])('a volume %s is told so', (_, policy, outlives, expected) => {
  const spec = { persistentVolumeReclaimPolicy: policy ?? '', csi: { volumeHandle: 'vol-1' } }
  const volume = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pvc-1' }, spec }
  expect(describeVolume(policy === undefined ? undefined : volume, outlives)).toBe(expected)
})
