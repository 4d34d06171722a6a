import type { Validation } from '@meridian/kops'
import { type Condition, conditionOf, type Kube, type KubeObject } from '@meridian/kube'

/** A node as its cluster tells of it. */
export type Node = KubeObject & { status?: { conditions?: Condition[] } }

/** What the API server of a cluster says of its nodes. `mayBeEmpty`: they are made when pods need them. */
export async function lookAtNodes(kube: Kube, { mayBeEmpty }: { mayBeEmpty: boolean }): Promise<Validation> {
  const nodes = (await kube.list<Node>({ apiVersion: 'v1', kind: 'Node' })).map(describeNode)
  const waitingFor = nodes.filter(({ ready }) => !ready).map(({ name }) => name)
  if (nodes.length === 0 && !mayBeEmpty) return { ready: false, nodes, missing: 'it has no nodes' }
  return {
    ready: waitingFor.length === 0,
    nodes,
    missing: waitingFor.length === 0 ? '' : `waiting for nodes ${waitingFor.join(', ')}`,
  }
}

/** A node in the words of a validation. */
export function describeNode(node: Node): Validation['nodes'][number] {
  const { name, labels = {} } = node.metadata
  const isControlPlane = ['control-plane', 'master'].some(role => `node-role.kubernetes.io/${role}` in labels)
  return {
    name,
    role: isControlPlane ? 'control-plane' : 'node',
    zone: labels['topology.kubernetes.io/zone'] ?? '',
    ready: conditionOf(node, 'Ready')?.status === 'True',
  }
}
