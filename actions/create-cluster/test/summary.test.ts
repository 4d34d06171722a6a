import { summaryFaults } from '@meridian/runner/testing'
import { expect, test } from 'vitest'
import type { Inputs } from '../src/inputs.ts'
import { describeCost, renderCluster, renderDryRun } from '../src/summary.ts'

const inputs = {
  cluster: {
    name: 'usa',
    region: 'us-east-1',
    zones: ['us-east-1a'],
    provider: 'kops',
    fullName: 'usa.k8s.example.com',
    stateStore: 's3://usa.k8s.example.com-state',
  },
} as unknown as Inputs
const cost = { usd: 0.1461, reckoned: false }

test('a finished run has its facts and nodes in tables', () => {
  const node = { name: 'i-1', role: 'node' as const, zone: 'us-east-1a', ready: true }
  const report = {
    created: true,
    unclaimed: false,
    nodes: [node],
    kubernetesVersion: '1.35.7',
    apiEndpoint: 'https://a',
    expiresAt: '',
    changes: ['node-count is 1, not 3'],
    cost,
  }
  expect(renderCluster(inputs, report)).toBe(`### ✅ Cluster usa.k8s.example.com

It was created. 1 of 1 nodes ready.

| What | Value |
| --- | --- |
| Region | us-east-1 (us-east-1a) |
| Context | <code>usa</code> |
| API | <code>https&#58;//a</code> |
| Kubernetes | 1.35.7 |
| State | <code>s3://usa.k8s.example.com-state</code> |
| Expires | never |
| Cost | $0.1461 per hour (estimate by prices of 2026-01-19; check it at https://aws.amazon.com/ec2/pricing/on-demand/) |
| Other inputs | node-count is 1, not 3 |

| Node | Role | Zone | State |
| --- | --- | --- | --- |
| <code>i-1</code> | node | us-east-1a | ready |

**What next:** later steps of this job reach it by <code>kubectl --context=usa</code>.
`)
})

test('a cluster of nobody is told to be used as it is', () => {
  const page = renderCluster(inputs, {
    created: false,
    unclaimed: true,
    nodes: [],
    kubernetesVersion: '',
    apiEndpoint: 'https://a',
    expiresAt: '',
    changes: [],
    cost,
  })
  expect(summaryFaults(page)).toEqual([])
  expect(page).toMatch(
    /^### ⚠️ Cluster usa\.k8s\.example\.com\n\nIt was there already\. Its nodes were not waited for\./,
  )
  expect(page).toContain('nobody has claimed it: it was used as it is, and not changed')
})

test('a dry run folds what kops would save', () => {
  const page = renderDryRun(inputs, {
    store: 'would be created',
    cluster: 'would be created',
    cost,
    objects: 'kind: Cluster\n',
  })
  expect(summaryFaults(page)).toEqual([])
  expect(page).toMatch(/^### 📝 Cluster usa\.k8s\.example\.com: planned, not done\n\nIt would be created\.\n/)
  expect(page).toContain('<details><summary>What kops would save</summary>')
  expect(page).toContain('```yaml\nkind: Cluster\n```')
})

test.each([
  [undefined, 'not known: an instance size is not in the price table'],
  [
    { usd: 0.2, reckoned: true },
    '$0.2000 per hour (estimate by prices of 2026-01-19, partly reckoned from us-east-1; check it at https://aws.amazon.com/ec2/pricing/on-demand/)',
  ],
])('cost %o is told', (given, expected) => expect(describeCost(given)).toBe(expected))
