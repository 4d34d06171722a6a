import type { Cluster } from '@meridian/karmada'
import { expect, test } from 'vitest'
import { describeMember, renderClusters, renderPlan } from '../src/summary.ts'

const usa: Cluster = {
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name: 'usa' },
  spec: { syncMode: 'Push', region: 'us-east-1', zones: ['us-east-1a'], apiEndpoint: 'https://usa' },
  status: {
    kubernetesVersion: 'v1.35.7',
    conditions: [{ type: 'Ready', status: 'True' }],
    nodeSummary: { totalNum: 2, readyNum: 2 },
  },
}

test('a member is told with what later steps need of it', () => {
  expect(describeMember(usa)).toEqual({
    name: 'usa',
    region: 'us-east-1',
    ready: true,
    kubernetesVersion: 'v1.35.7',
    nodes: 2,
  })
})

test('the members are shown as kubectl shows them', () => {
  expect(renderClusters('fed', 'usa', [usa])).toBe(
    [
      '### Federation <code>fed</code> on <code>usa</code>',
      '',
      '| cluster | version | mode | ready | nodes | region | zones | API endpoint |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      '| <code>usa</code> | <code>v1.35.7</code> | Push | ✅ | 2 | <code>us-east-1</code> | <code>us-east-1a</code> | <code>https://usa</code> |',
      '',
    ].join('\n'),
  )
})

test('a plan says of each thing what would be done', () => {
  const plan = {
    controlPlane: 'install',
    join: ['eur'],
    check: ['usa'],
    unjoin: ['jpn'],
    unlisted: ['aus'],
  } as const
  const text = renderPlan('fed', 'usa', {
    ...plan,
    join: ['eur'],
    check: ['usa'],
    unjoin: ['jpn'],
    unlisted: ['aus'],
  })
  expect(text).toContain('planned, not done')
  expect(text).toContain('| control plane | install |')
  expect(text).toContain('| <code>eur</code> | join |')
  expect(text).toContain('| <code>jpn</code> | unjoin |')
  expect(text).toContain('| <code>aus</code> | is a member, not listed; stays |')
})
