import type { KubeObject } from '@meridian/lab-kube-api'
import { hasEnded } from './make-pod.ts'
import { isReady } from './nodes.ts'
import type { PodSpec } from './pod-template.ts'
import { freeOn, podRequests, roomFor } from './quantity.ts'

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }
const unschedulableTaint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

type NodeSpec = { taints?: { key: string; value?: string; effect: string }[]; unschedulable?: boolean }
export type Choice = { node: KubeObject } | { refusal: string }

/** The node with most free pod places that takes a pod, or why none does, in the scheduler's words. */
export function chooseNode(pod: PodSpec, nodes: readonly KubeObject[], pods: readonly KubeObject[]): Choice {
  const reasons: string[] = []
  const fitting = nodes.flatMap(node => {
    const here = pods.filter(
      each => (each.spec as PodSpec).nodeName === node.metadata.name && !hasEnded(each),
    )
    const free = freeOn(
      allocatable(node),
      here.map(each => each.spec),
    )
    const reason = nodeRefusal(pod, node) ?? shortage(pod, free)
    if (reason) reasons.push(reason)
    return reason ? [] : [{ node, places: free.pods }]
  })
  const best = fitting.toSorted((a, b) => b.places - a.places)[0]
  return best ? { node: best.node } : { refusal: summarise(nodes.length, reasons) }
}

/** Why a node is not for a pod, however much room it has; undefined where it is. */
export function nodeRefusal(pod: PodSpec, node: KubeObject): string | undefined {
  if (!isReady(node) && !tolerated(pod, notReady))
    return 'node(s) had untolerated taint {node.kubernetes.io/not-ready: }'
  const labels = node.metadata.labels ?? {}
  const selected = Object.entries(pod.nodeSelector ?? {}).every(([key, value]) => labels[key] === value)
  if (!selected) return "node(s) didn't match Pod's node affinity/selector"
  const { taints = [], unschedulable } = (node.spec ?? {}) as NodeSpec
  if (unschedulable && !tolerated(pod, unschedulableTaint)) return 'node(s) were unschedulable'
  const taint = taints.find(each => each.effect !== 'PreferNoSchedule' && !tolerated(pod, each))
  return taint && `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`
}

function tolerated(pod: PodSpec, taint: { key: string; value?: string; effect: string }): boolean {
  return (pod.tolerations ?? []).some(
    each =>
      (!each.key || each.key === taint.key) &&
      (!each.effect || each.effect === taint.effect) &&
      (each.operator === 'Exists' || (each.value ?? '') === (taint.value ?? '')),
  )
}

function shortage(pod: PodSpec, free: ReturnType<typeof freeOn>): string | undefined {
  const request = podRequests(pod)
  if (roomFor(free, request) > 0) return undefined
  if (request.cpu > free.cpu) return 'Insufficient cpu'
  return request.memory > free.memory ? 'Insufficient memory' : 'Too many pods'
}

function summarise(total: number, reasons: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  const details = [...counts].map(([reason, count]) => `${count} ${reason}`).sort()
  const tail = details.length > 0 ? `: ${details.join(', ')}.` : '.'
  return `0/${total} nodes are available${tail}`
}

function allocatable(node: KubeObject): Record<string, string> {
  return (node.status as { allocatable?: Record<string, string> } | undefined)?.allocatable ?? {}
}
