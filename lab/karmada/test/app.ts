import { type Client, eventually } from '@meridian/lab-clusters/testing'
import type { KubeObject } from '@meridian/lab-kube-api'
import { textAt } from '@meridian/lab-world/json'

export const divided = { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' }

type App = { namespace?: string; name: string; placement?: object; freeNodePort?: boolean }

/** Puts a Deployment of six and a LoadBalancer Service into the federation, after their policies. */
export async function deployApp(fed: Client, app: App): Promise<void> {
  const { namespace = 'default', name, placement = { replicaScheduling: divided }, freeNodePort = true } = app
  const policies = `/apis/policy.karmada.io/v1alpha1/namespaces/${namespace}`
  const selector = { app: name }
  if (freeNodePort) {
    await post(fed, `${policies}/overridepolicies`, {
      metadata: { name },
      spec: {
        resourceSelectors: [{ apiVersion: 'v1', kind: 'Service', name }],
        overrideRules: [
          { overriders: { plaintext: [{ path: '/spec/ports/0/nodePort', operator: 'remove' }] } },
        ],
      },
    })
  }
  await post(fed, `${policies}/propagationpolicies`, {
    metadata: { name },
    spec: {
      resourceSelectors: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name },
        { apiVersion: 'v1', kind: 'Service', name },
      ],
      propagateDeps: true,
      placement,
    },
  })
  await post(fed, `/apis/apps/v1/namespaces/${namespace}/deployments`, {
    metadata: { name },
    spec: {
      replicas: 6,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: selector },
        spec: {
          containers: [
            {
              name,
              image: 'nginx:1.29',
              envFrom: [{ configMapRef: { name: `${name}-settings`, optional: true } }],
            },
          ],
        },
      },
    },
  })
  await post(fed, `/api/v1/namespaces/${namespace}/services`, {
    metadata: { name },
    spec: { type: 'LoadBalancer', selector, ports: [{ name: 'http', port: 80 }] },
  })
}

/** POST that must create. */
export async function post(client: Client, path: string, body: object): Promise<KubeObject> {
  const answer = await client('POST', path, body)
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.body.message}`)
  return answer.body
}

export type BindingStatus = {
  schedulerObservedGeneration?: number
  conditions?: { type: string; status: string; reason: string; message: string }[]
  aggregatedStatus?: {
    clusterName: string
    applied?: boolean
    appliedMessage?: string
    health?: string
    status?: { readyReplicas?: number; loadBalancer?: { ingress?: { hostname: string }[] } }
  }[]
}

/** A binding once all of `clusters` have applied it and are healthy. */
export async function healthyBinding(
  fed: Client,
  name: string,
  clusters: readonly string[],
  namespace = 'default',
): Promise<KubeObject | undefined> {
  const body = await readBinding(fed, name, namespace)
  const items = (body?.status as BindingStatus | undefined)?.aggregatedStatus ?? []
  const healthy = items
    .filter(item => item.applied && item.health === 'Healthy')
    .map(item => item.clusterName)
  return healthy.length === items.length && healthy.join() === clusters.toSorted().join() ? body : undefined
}

export async function readBinding(
  fed: Client,
  name: string,
  namespace = 'default',
): Promise<KubeObject | undefined> {
  const path = `/apis/work.karmada.io/v1alpha2/namespaces/${namespace}/resourcebindings/${name}`
  const { status, body } = await fed('GET', path)
  return status === 200 ? body : undefined
}

/** `{ usa: 2, … }` of a binding. */
export function replicasOf(binding: KubeObject | undefined): Record<string, number | undefined> {
  const { clusters = [] } = (binding?.spec ?? {}) as { clusters?: { name: string; replicas?: number }[] }
  return Object.fromEntries(clusters.map(each => [each.name, each.replicas]))
}

/** Has a Deployment scheduled anew, in a later second than it was scheduled last: else it would change nothing. */
export async function rebalance(fed: Client, name: string, rebalancer = 'again'): Promise<void> {
  await eventually(async () => {
    const binding = await readBinding(fed, `${name}-deployment`)
    const scheduled = Date.parse(textAt(binding, 'status', 'lastScheduledTime'))
    return Date.now() >= scheduled + 1000 || undefined
  })
  await post(fed, '/apis/apps.karmada.io/v1alpha1/workloadrebalancers', {
    metadata: { name: rebalancer },
    spec: { workloads: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, namespace: 'default' }] },
  })
}
