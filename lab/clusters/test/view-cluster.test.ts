import type { KubeObject } from '@meridian/lab-kube-api'
import type { ClusterSpec } from '@meridian/lab-world'
import { expect, test } from 'vitest'
import { buildNode, machinesOf, readyCondition } from '../nodes.ts'
import { viewCluster } from '../view-cluster.ts'

const machine = (name: string) => ({ name, zone: 'eu-west-1a', size: 't3.medium' })
const spec: ClusterSpec = {
  name: 'eur.k8s.example.com',
  region: 'eu-west-1',
  controlPlanes: [machine('i-0control')],
  nodes: [machine('i-0worker')],
  kubernetesVersion: '1.35.7',
  apiHost: 'api.example.com',
  authority: { certificate: '', key: '' },
}
const nodes = machinesOf(spec).map((entry, index) => buildNode(spec, entry, index))

function ready(node: KubeObject): KubeObject {
  return { ...node, status: { ...(node.status as object), conditions: [readyCondition(true)] } }
}

function pod(name: string, priorityClassName: string, status: object): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'kube-system' },
    spec: { priorityClassName },
    status,
  }
}

function pending(found: readonly KubeObject[], pods: readonly KubeObject[] = []): string[] {
  const view = viewCluster(spec, { resolves: true, serving: true, nodes: found, pods })
  return view.pending.map(each => `${each.type} ${each.name}: ${each.message}`)
}

test('machines that have not joined, and nodes that are not ready, are named as kops names them', () => {
  expect(pending(nodes.slice(0, 1))).toEqual([
    'Node i-0control: node "i-0control" of role "control-plane" is not ready',
    'Machine i-0worker: machine "i-0worker" has not yet joined cluster',
  ])
})

test('pods count only when they are critical to the system', () => {
  const waiting = { phase: 'Pending' }
  const broken = { phase: 'Running', containerStatuses: [{ name: 'agent', ready: false }] }
  const pods = [
    pod('coredns-1', 'system-cluster-critical', waiting),
    pod('cilium-1', 'system-node-critical', broken),
    pod('app-1', '', waiting),
  ]
  expect(pending(nodes.map(ready), pods)).toEqual([
    'Pod kube-system/coredns-1: system-cluster-critical pod "coredns-1" is pending',
    'Pod kube-system/cilium-1: system-node-critical pod "cilium-1" is not ready (agent)',
  ])
})

test('nothing is pending in a cluster that is all there', () => {
  expect(pending(nodes.map(ready))).toEqual([])
})
