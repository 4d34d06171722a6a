import type { KubeObject, Store } from '@meridian/lab-kube-api'
import { valueAt } from '@meridian/lab-world/json'
import { hasEnded } from './make-pod.ts'
import { isPodReady, type PodSpec } from './pod-template.ts'

/** What an eviction could not take from a node, in the words of the API server. */
export type Drain = { evicted: string[]; refused: string[] }

const excluded = 'node.kubernetes.io/exclude-from-external-load-balancers'

/** Cordons a node as kops does, and keeps it from load balancers. */
export function cordonNode(store: Store, name: string): void {
  if (!store.get('Node', undefined, name)) return
  store.modify('Node', undefined, name, draft => {
    draft.spec = { ...(draft.spec as object), unschedulable: true }
    draft.metadata.labels = { ...draft.metadata.labels, [excluded]: '' }
  })
}

/**
 * Evicts the pods of a node, but for those of DaemonSets and those that come with the machine itself. What a
 * PodDisruptionBudget protects stays for now: whoever drains asks again.
 */
export function evictPods(store: Store, node: string): Drain {
  const drain: Drain = { evicted: [], refused: [] }
  for (const pod of store.list('Pod').filter(each => isEvictable(each, node))) {
    const { namespace, name } = pod.metadata
    if (isProtected(store, pod)) {
      drain.refused.push(`${namespace}/${name}`)
      continue
    }
    store.remove('Pod', namespace, name)
    drain.evicted.push(`${namespace}/${name}`)
  }
  return drain
}

function isEvictable(pod: KubeObject, node: string): boolean {
  if ((pod.spec as PodSpec).nodeName !== node || hasEnded(pod)) return false
  const owners = pod.metadata.ownerReferences ?? []
  if (owners.some(({ kind }) => kind === 'DaemonSet')) return false
  return pod.metadata.namespace !== 'kube-system' || owners.length > 0
}

function isProtected(store: Store, pod: KubeObject): boolean {
  const { namespace } = pod.metadata
  return store.list('PodDisruptionBudget', { namespace }).some(budget => {
    const selector = valueAt(budget, 'spec', 'selector', 'matchLabels') as Record<string, string> | undefined
    const covered = selector ? store.list('Pod', { namespace, labels: selector }) : []
    if (!covered.some(each => each.metadata.name === pod.metadata.name)) return false
    const healthy = covered.filter(isPodReady).length
    return isPodReady(pod) && healthy - 1 < leastHealthy(budget, expectedPods(store, covered))
  })
}

/** The pods that there should be: what their ReplicaSets want. */
function expectedPods(store: Store, pods: readonly KubeObject[]): number {
  const owners = new Map(pods.flatMap(pod => (pod.metadata.ownerReferences ?? []).map(ref => [ref.uid, ref])))
  let expected = 0
  for (const { kind, name } of owners.values()) {
    const owner = store.get(kind, pods[0]?.metadata.namespace, name)
    expected += Number(owner && (valueAt(owner, 'spec', 'replicas') ?? 1))
  }
  return expected
}

function leastHealthy(budget: KubeObject, expected: number): number {
  const [most, least] = ['maxUnavailable', 'minAvailable'].map(field => valueAt(budget, 'spec', field))
  if (most !== undefined) return expected - share(most, expected)
  return share(least ?? 0, expected)
}

// Percentages are rounded up.
function share(limit: unknown, expected: number): number {
  const percent = /^(\d+)%$/.exec(String(limit))?.[1]
  return percent === undefined ? Number(limit) : Math.ceil((Number(percent) * expected) / 100)
}
