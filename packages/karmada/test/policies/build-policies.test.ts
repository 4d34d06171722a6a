import type { KubeObject } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import {
  buildOverridePolicy,
  buildPlacement,
  buildPropagationPolicy,
  buildRebalancer,
  classesIn,
  heldClusters,
  holdBack,
  policyTarget,
} from '../../src/index.ts'

const clusters = ['usa', 'eur']
const web = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop' }

describe('a propagation policy', () => {
  test('sends one object to its clusters, divided evenly, and is named like the binding', () => {
    expect(buildPropagationPolicy(web, { mode: 'even', clusters }, { labels: { a: 'b' } })).toEqual({
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'PropagationPolicy',
      metadata: { name: 'web-deployment', namespace: 'shop', labels: { a: 'b' } },
      spec: {
        resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' }],
        propagateDeps: true,
        conflictResolution: 'Abort',
        placement: {
          clusterAffinity: { clusterNames: ['usa', 'eur'] },
          replicaScheduling: {
            replicaSchedulingType: 'Divided',
            replicaDivisionPreference: 'Weighted',
            weightPreference: {
              staticWeightList: [
                { targetCluster: { clusterNames: ['usa'] }, weight: 1 },
                { targetCluster: { clusterNames: ['eur'] }, weight: 1 },
              ],
            },
          },
        },
      },
    })
  })

  test('can hold back changes from clusters, and let them through again', () => {
    const policy = buildPropagationPolicy(web, { mode: 'even', clusters })
    const held = holdBack(policy, ['eur'])
    expect(held.spec).toMatchObject({ suspension: { dispatchingOnClusters: { clusterNames: ['eur'] } } })
    expect([heldClusters(held), heldClusters(policy)]).toEqual([['eur'], []])
    expect(holdBack(held, [])).toEqual(policy)
  })

  test('takes over what members have only when it is to', () => {
    const policy = buildPropagationPolicy(web, { mode: 'even', clusters }, { overwrite: true })
    expect(policy.spec).toMatchObject({ conflictResolution: 'Overwrite' })
  })

  test('tells what it is for', () => {
    expect(policyTarget(buildPropagationPolicy(web, { mode: 'even', clusters }))).toEqual(web)
  })

  test('is one for the whole federation where the object is in no namespace', () => {
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'system:x' }
    const policy = buildPropagationPolicy(role, { mode: 'even', clusters })
    expect(policy.kind).toBe('ClusterPropagationPolicy')
    expect(policy.metadata).toEqual({ name: 'system.x-clusterrole' })
  })
})

test('a rebalancer is one per second, and goes by itself', () => {
  const binding = { metadata: { name: 'web-deployment', namespace: 'shop', uid: 'u-1' } }
  expect(buildRebalancer(web, binding, 4_999)).toEqual({
    apiVersion: 'apps.karmada.io/v1alpha1',
    kind: 'WorkloadRebalancer',
    metadata: { name: 'meridian-u-1-4' },
    spec: { workloads: [web], ttlSecondsAfterFinished: 60 },
  })
})

describe('a placement', () => {
  test('by weights leaves out clusters that have none', () => {
    expect(buildPlacement({ mode: 'weights', clusters, weights: { usa: 3, eur: 0 } })).toEqual({
      clusterAffinity: { clusterNames: ['usa'] },
      replicaScheduling: {
        replicaSchedulingType: 'Divided',
        replicaDivisionPreference: 'Weighted',
        weightPreference: {
          staticWeightList: [{ targetCluster: { clusterNames: ['usa'] }, weight: 3 }],
        },
      },
    })
  })

  test('by capacity asks for available replicas', () => {
    expect(buildPlacement({ mode: 'dynamic', clusters })).toMatchObject({
      replicaScheduling: { weightPreference: { dynamicWeight: 'AvailableReplicas' } },
    })
  })

  test('by duplication runs all replicas everywhere', () => {
    expect(buildPlacement({ mode: 'duplicate', clusters })).toEqual({
      clusterAffinity: { clusterNames: clusters },
      replicaScheduling: { replicaSchedulingType: 'Duplicated' },
    })
  })
})

describe('an override policy', () => {
  const service = (spec: object) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec,
  })

  test('frees the node ports that the control plane allocates', () => {
    const policy = buildOverridePolicy(
      service({ type: 'LoadBalancer', ports: [{ port: 80 }, { port: 443 }] }),
    )
    expect(policy).toMatchObject({
      kind: 'OverridePolicy',
      metadata: { name: 'web-service', namespace: 'shop' },
      spec: {
        overrideRules: [
          {
            overriders: {
              plaintext: [
                { path: '/spec/ports/0/nodePort', operator: 'remove' },
                { path: '/spec/ports/1/nodePort', operator: 'remove' },
              ],
            },
          },
        ],
      },
    })
  })

  test('leaves node ports alone that the manifest states', () => {
    const ports = [{ port: 80, nodePort: 30080 }, { port: 443 }]
    expect(JSON.stringify(buildOverridePolicy(service({ type: 'NodePort', ports })))).not.toContain('ports/0')
  })

  test('frees the port of the health check, which a load balancer has whose traffic stays on its node', () => {
    const local = {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      ports: [{ port: 80, nodePort: 30080 }],
    }
    const pathsOf = (spec: object) => JSON.stringify(buildOverridePolicy(service(spec))?.spec ?? '')
    expect(pathsOf(local)).toContain('"plaintext":[{"path":"/spec/healthCheckNodePort","operator":"remove"}]')
    expect(pathsOf({ ...local, allocateLoadBalancerNodePorts: false })).toContain('healthCheckNodePort')
    expect(pathsOf({ ...local, healthCheckNodePort: 30081 })).toBe('""')
    expect(pathsOf({ ...local, type: 'NodePort' })).toBe('""')
  })

  test('keeps the class that each member has given to a load balancer, which cannot be changed', () => {
    const classes = { usa: 'service.k8s.aws/nlb', eur: 'eks.amazonaws.com/nlb' }
    const policy = buildOverridePolicy(service({ type: 'LoadBalancer', ports: [{ port: 80 }] }), classes)
    const [, ...rules] =
      (policy as { spec: { overrideRules: unknown[] } } | undefined)?.spec.overrideRules ?? []
    expect(rules).toEqual(
      ['eur', 'usa'].map(name => ({
        targetCluster: { clusterNames: [name] },
        overriders: {
          plaintext: [
            {
              path: '/spec/loadBalancerClass',
              operator: 'add',
              value: classes[name as keyof typeof classes],
            },
          ],
        },
      })),
    )
    expect(classesIn(policy as KubeObject)).toEqual(classes)
  })

  test.each([
    ['that the manifest states', { type: 'LoadBalancer', loadBalancerClass: 'mine', ports: [] }],
    ['of what is no load balancer any more', { type: 'ClusterIP', ports: [] }],
  ])('keeps no class %s', (_, spec) => {
    expect(
      buildOverridePolicy(service({ ...spec, allocateLoadBalancerNodePorts: false }), { usa: 'a' }),
    ).toBeUndefined()
  })

  test.each([
    ['a Service inside the cluster', service({ type: 'ClusterIP', ports: [{ port: 80 }] })],
    ['a Service without type', service({ ports: [{ port: 80 }] })],
    [
      'a load balancer without node ports',
      service({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ port: 80 }] }),
    ],
    ['another kind', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }],
  ])('is not needed for %s', (_, object) => {
    expect(buildOverridePolicy(object)).toBeUndefined()
  })
})
