import type { Cluster } from '@meridian/karmada'
import { summaryFaults } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import { describeMember, renderMembership, renderPlan } from '../src/summary.ts'

const usa: Cluster = {
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name: 'usa', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: {
    syncMode: 'Push',
    provider: 'aws',
    region: 'us-east-1',
    zones: ['us-east-1a'],
    apiEndpoint: 'https://usa',
  },
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

test('the members are shown as kubectl shows them, with what became of each', () => {
  const membership = {
    clusters: [usa],
    joins: [{ name: 'usa', outcome: 'joined' }],
    unjoins: [{ name: 'jpn', outcome: 'forced', left: ['Deployment shop/web'] }],
    problems: ['eur (eu-west-1): gone'],
  } as const
  const now = Date.parse('2026-01-01T00:05:00Z')
  const text = renderMembership('fed', 'usa', structuredClone(membership) as never, now)
  expect(text).toBe(
    [
      '### ❌ Federation <code>fed</code> on <code>usa</code>',
      '',
      '1 of 1 members ready, 1 joined by this run.',
      '',
      '**What went wrong**',
      '',
      '- eur \\(eu-west-1\\): gone',
      '',
      '| Cluster | Version | Ready | Age | Nodes | Region | This run |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| <code>usa</code> | v1.35.7 | yes | 5m | 2 | us-east-1 \\(us-east-1a\\) | joined |',
      '',
      '**Unjoined**',
      '',
      '- <code>jpn</code> forced; still in it: Deployment shop/web',
      '',
      '<details><summary>How each is reached</summary>',
      '',
      '| Cluster | Mode | Provider | API endpoint |',
      '| --- | --- | --- | --- |',
      '| <code>usa</code> | Push | aws | <code>https&#58;//usa</code> |',
      '',
      '',
      '</details>',
      '',
    ].join('\n'),
  )
})

test.each([
  ['done', {}, '### ✅ ', true],
  ['with a member that is not ready', { clusters: [{ ...usa, status: {} }] }, '### ⚠️ ', true],
  ['with a member that failed', { problems: ['eur: gone'] }, '### ❌ ', false],
])(
  'a federation %s begins with its icon and says what next where there is something',
  (_, change, start, next) => {
    const membership = {
      clusters: [usa],
      joins: [],
      unjoins: [],
      problems: [],
      failover: 'It is off.',
      ...change,
    }
    const text = renderMembership('fed', 'usa', membership as never)
    expect([text.startsWith(start), text.includes('**What next:**')]).toEqual([true, next])
    expect(summaryFaults(text)).toEqual([])
  },
)

test('a plan says of each thing what would be done', () => {
  const plan = {
    controlPlane: 'upgrade' as const,
    expose: true,
    claim: true,
    join: ['eur'],
    mend: ['bra'],
    keep: ['usa'],
    unjoin: ['jpn'],
    unlisted: ['aus'],
  }
  const guest = { what: 'Deployment b/web in jpn', whose: 'x.com of acme/b' }
  const text = renderPlan('fed', undefined, plan, [guest])
  expect(summaryFaults(text)).toEqual([])
  expect(text).toContain('### 📝 Federation <code>fed</code> on a control plane of others: planned, not done')
  for (const row of [
    '| control plane | upgrade |',
    '| load balancer of the API | make or change |',
    '| what bears no mark | claim |',
    '| <code>eur</code> | join |',
    '| <code>bra</code> | mend its join |',
    '| <code>usa</code> | is a member |',
    '| <code>jpn</code> | unjoin |',
    '| Deployment b/web in jpn \\(it belongs to x.com of acme/b\\) | leaves with its member |',
    '| <code>aus</code> | is a member, not listed; stays |',
  ])
    expect(text).toContain(row)
})
