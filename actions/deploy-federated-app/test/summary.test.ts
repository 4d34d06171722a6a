import { judgeObject } from '@meridian/karmada'
import type { KubeObject } from '@meridian/kube'
import { summaryFaults } from '@meridian/runner/testing'
import { describe, expect, test } from 'vitest'
import { marksOf, shop } from '../../../packages/karmada/test/use-identity.ts'
import type { Leftovers } from '../src/apply/prune.ts'
import { buildDesired } from '../src/plan/build-desired.ts'
import { planStep } from '../src/plan/plan.ts'
import { renderPlan, renderRegions, renderWaves } from '../src/summary.ts'
import { applied } from './applied-object.ts'

const none: Leftovers = { templates: [], policies: [], overrides: [], spared: [] }
const old = (): Leftovers['templates'] => {
  const metadata = { namespace: 'shop', name: 'old', ...marksOf(shop) }
  const claim = judgeObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, shop)
  return claim.kind === 'ours' ? [claim.owned] : []
}
const map = (k: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'shop' },
  data: { k },
})
const desired = (k: string) =>
  buildDesired([map(k)], { mode: 'even', clusters: ['usa'] }, { identity: shop, run: '', commit: '' })
const plan = (live: boolean) => {
  const former = desired('old|<b>').map(({ object }) => applied(object))
  return desired('new').map((each, at) => planStep(each, live ? former[at] : undefined))
}

describe('a plan', () => {
  test('of a new app names its objects, and has the policies in full', () => {
    const text = renderPlan(plan(false), none, { dryRun: true, prune: false, suspended: ['a'] })
    expect(summaryFaults(text)).toEqual([])
    expect(text).toMatch(/^### 📝 App: planned, not done\n\n2 objects of 2 to be written\.\n/)
    expect(text).toContain(
      '| 🟢 create | <code>ConfigMap shop/a</code> |\n| 🟢 create | 1 policy, see below |',
    )
    expect(text).toContain('kind: PropagationPolicy')
    expect(text).not.toContain('manifest-hash')
  })

  test('has one of the policies that are alike, and says how many there are', () => {
    const maps = ['a', 'b', 'c'].map(name => ({ ...map('v'), metadata: { name, namespace: 'shop' } }))
    const placement = { mode: 'even', clusters: ['usa'] } as const
    const steps = buildDesired(maps, placement, { identity: shop, run: '', commit: '' })
    const text = renderPlan(
      steps.map(each => planStep(each, undefined)),
      none,
      { dryRun: true, prune: false },
    )
    expect(text.match(/kind: PropagationPolicy/g)).toHaveLength(1)
    expect(text).toContain('3 policies, see below')
    expect(text).toContain('# 2 more are like it, each for another object')
  })

  test('of a change has the fields that differ, what is kept is counted only', () => {
    const text = renderPlan(plan(true), none, { dryRun: false, prune: false })
    expect(summaryFaults(text)).toEqual([])
    expect(text).toMatch(/^### 🟡 App\n\n1 object of 2 to be written\.\n/)
    expect(text).toContain('| 🟡 change | <code>ConfigMap shop/a</code> |\n| ⚪ keep | 1 object as before |')
    expect(text).toContain('```diff\n- data.k: "old|<b>"\n+ data.k: "new"\n```')
  })

  test('names what is deleted, or what would be', () => {
    const leftovers = { ...none, templates: old() }
    const render = (prune: boolean) => renderPlan([], leftovers, { dryRun: false, prune, app: 'shop' })
    expect(render(true)).toContain('| 🔴 delete | <code>ConfigMap shop/old</code> |')
    expect(render(false)).toContain('deletes them): <code>ConfigMap shop/old</code>')
  })
})

test('waves are healthy, rolled back, or have never been reached', () => {
  const text = renderWaves([['usa'], ['eur', 'jpn'], ['aus']], 1, true)
  expect(text.trim().split('\n')).toEqual([
    '#### ❌ 1 of 3 waves healthy',
    '',
    '| Wave | Clusters | State |',
    '| --- | --- | --- |',
    '| 1 | <code>usa</code> | ✅ healthy |',
    '| 2 | <code>eur</code>, <code>jpn</code> | ↩️ rolled back |',
    '| 3 | <code>aus</code> | ⏸️ not touched |',
  ])
})

test('regions say what they lack, whatever stands in the words', () => {
  const region = { cluster: 'usa', replicas: 2, ready: 1, healthy: false, hostname: undefined }
  const template = { ...map('k'), kind: 'Deployment' }
  const status = {
    done: false,
    reason: '',
    unbalanced: false,
    missed: [],
    regions: [{ ...region, reason: 'no <img>' }],
  }
  const cluster = { ...map('k'), kind: 'Cluster', metadata: { name: 'usa' }, spec: { syncMode: 'Push' } }
  const text = renderRegions([{ template, status }], [cluster], [])
  expect(text).toMatch(/^\n#### ⚠️ 1 pod ready in 1 cluster\n\nIt does not run everywhere yet\.\n/)
  expect(text).toContain('| <code>usa</code> |  | 1 |  |')
  expect(text).toContain('- <code>usa</code> <code>a</code>: no &lt;img&gt;')
})

test('an app that runs everywhere is told to be led to by latency-dns', () => {
  const cluster = {
    ...map('k'),
    kind: 'Cluster',
    metadata: { name: 'usa' },
    spec: { syncMode: 'Push', region: 'us-east-1' },
  }
  const endpoint = {
    cluster: 'usa',
    region: 'us-east-1',
    hostname: 'a.us-east-1.elb.amazonaws.com',
    ports: [],
  }
  const text = renderRegions([], [cluster], [endpoint as never], 'A lost region stays.')
  expect(text).toContain('A lost region stays.')
  expect(text).toMatch(/#### ✅ 0 pods ready in 1 cluster\n/)
  expect(text).toContain('**What next:** <code>latency-dns</code> leads users')
  expect(summaryFaults(`### ✅ App\n${text}`)).toEqual([])
})
