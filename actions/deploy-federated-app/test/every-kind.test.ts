import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bindingName } from '@meridian/karmada'
import type { KubeObject } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import { shop } from '../../../packages/karmada/test/use-identity.ts'
import { parseManifest } from '../src/manifests/parse-manifest.ts'
import { buildDesired } from '../src/plan/build-desired.ts'

const fixture = join(import.meta.dirname, '../../../lab/test/fixtures/every-kind')
const names = ['usa', 'eur'] as const
const texts = ['definitions.yaml', 'app.yaml'].map(name => readFile(join(fixture, name), 'utf8'))
const manifest = (await Promise.all(texts)).join('---\n')
const { objects } = parseManifest({ path: 'app.yaml', text: manifest })

type Scope = 'Namespaced' | 'Cluster'
const kinds: [kind: string, scope: Scope, order: 'before' | 'workload' | 'after'][] = [
  ['CustomResourceDefinition', 'Cluster', 'before'],
  ['PriorityClass', 'Cluster', 'before'],
  ['ClusterRole', 'Cluster', 'before'],
  ['ClusterRoleBinding', 'Cluster', 'before'],
  ['ServiceAccount', 'Namespaced', 'before'],
  ['Role', 'Namespaced', 'before'],
  ['RoleBinding', 'Namespaced', 'before'],
  ['ConfigMap', 'Namespaced', 'before'],
  ['Secret', 'Namespaced', 'before'],
  ['PersistentVolumeClaim', 'Namespaced', 'before'],
  ['NetworkPolicy', 'Namespaced', 'before'],
  ['Catalogue', 'Namespaced', 'workload'],
  ['Deployment', 'Namespaced', 'workload'],
  ['StatefulSet', 'Namespaced', 'workload'],
  ['DaemonSet', 'Namespaced', 'workload'],
  ['Job', 'Namespaced', 'workload'],
  ['CronJob', 'Namespaced', 'workload'],
  // Its definition has to be there first.
  ['GatewayClass', 'Cluster', 'workload'],
  ['PodDisruptionBudget', 'Namespaced', 'after'],
  ['HorizontalPodAutoscaler', 'Namespaced', 'after'],
  ['Service', 'Namespaced', 'after'],
  ['Ingress', 'Namespaced', 'after'],
  ['Gateway', 'Namespaced', 'after'],
  ['HTTPRoute', 'Namespaced', 'after'],
]

describe('an app of every kind that charts have', () => {
  test.each(kinds)('%s has a policy of its scope (%s), and its turn', (kind, scope, order) => {
    const sample = objects.find(each => each.kind === kind) as KubeObject
    const metadata = { ...sample.metadata, ...(scope === 'Namespaced' && { namespace: 'shop' }) }
    const placed = { ...sample, metadata }
    const marks = { identity: shop, run: '', commit: '' }
    const desired = buildDesired([placed], { mode: 'even', clusters: [...names] }, marks)
    const policy = desired.find(({ role }) => role === 'policy')?.object
    expect(policy).toMatchObject({
      kind: scope === 'Namespaced' ? 'PropagationPolicy' : 'ClusterPropagationPolicy',
      metadata: { name: bindingName(kind, metadata.name) },
    })
    const tier = desired.find(({ role }) => role === 'template')?.tier
    expect(tier).toBe({ before: 3, workload: 4, after: 5 }[order])
  })

  test('has no object whose kind this table does not know', () => {
    expect(new Set(objects.map(({ kind }) => kind))).toEqual(new Set(kinds.map(([kind]) => kind)))
  })
})
