import { createHash } from 'node:crypto'
import type { KubeObject } from '@meridian/lab-kube-api'

type Container = {
  name: string
  image?: string
  resources?: { requests?: Record<string, string> }
  ports?: { containerPort: number; name?: string }[]
}
export type PodSpec = {
  containers?: Container[]
  nodeName?: string
  nodeSelector?: Record<string, string>
  tolerations?: { key?: string; operator?: string; value?: string; effect?: string }[]
  volumes?: { name: string; persistentVolumeClaim?: { claimName: string } }[]
  [field: string]: unknown
}
export type PodTemplate = {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> }
  spec?: PodSpec
}

const letters = 'bcdfghjklmnpqrstvwxz2456789'

/** The `pod-template-hash` of a template: the same for equal templates, in the letters Kubernetes allows itself. */
export function hashTemplate(template: unknown): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(sorted(template)))
    .digest()
  return [...digest.subarray(0, 9)].map(byte => letters.charAt(byte % letters.length)).join('')
}

/** The template of a workload without the hash label that its controller adds. */
export function templateOf(workload: KubeObject): PodTemplate {
  const template = (workload.spec as { template?: PodTemplate } | undefined)?.template ?? {}
  const { 'pod-template-hash': _hash, ...labels } = template.metadata?.labels ?? {}
  const { annotations = {} } = template.metadata ?? {}
  // Clients written in Go send empty fields along (`creationTimestamp: null`), which make no other template.
  const metadata = { labels, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) }
  return { ...template, metadata }
}

/** Whether a pod's Ready condition is True. */
export function isPodReady(pod: KubeObject): boolean {
  const status = pod.status as { conditions?: { type: string; status: string }[] } | undefined
  return status?.conditions?.some(each => each.type === 'Ready' && each.status === 'True') ?? false
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, child]) => [key, sorted(child)]))
}
