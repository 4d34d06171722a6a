import type { KubeObject } from '../api/index.ts'
import type { AggregatedStatusItem } from './types.ts'

type Fields = Record<string, unknown>
export type Health = NonNullable<AggregatedStatusItem['health']>

const workloadFields: Record<string, string[]> = {
  Deployment: [
    'replicas',
    'updatedReplicas',
    'readyReplicas',
    'availableReplicas',
    'unavailableReplicas',
    'observedGeneration',
  ],
  StatefulSet: ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration'],
}

/** The part of a member object's status that travels back to the control plane; undefined when there is none. */
export function reflectStatus(object: KubeObject): Fields | undefined {
  const status = object.status as Fields | undefined
  const fields = workloadFields[object.kind]
  if (fields && object.apiVersion === 'apps/v1') {
    const kept = Object.fromEntries(fields.flatMap(name => (status?.[name] ? [[name, status[name]]] : [])))
    const template = object.metadata.annotations?.['resourcetemplate.karmada.io/generation']
    return {
      ...kept,
      generation: object.metadata.generation,
      ...(template ? { resourceTemplateGeneration: Number(template) } : {}),
    }
  }
  if (object.kind === 'Service') {
    if (!isLoadBalancer(object)) return undefined
    return { loadBalancer: { ...(status?.loadBalancer as Fields | undefined) } }
  }
  return status && Object.keys(status).length > 0 ? status : undefined
}

/** Health of a member object; kinds that Karmada has no rule for are Unknown. */
export function interpretHealth(object: KubeObject): Health {
  const spec = (object.spec ?? {}) as Fields
  const status = (object.status ?? {}) as Fields
  switch (object.kind) {
    case 'Deployment':
    case 'StatefulSet': {
      const replicas = count(spec.replicas ?? 1)
      const caughtUp = count(status.observedGeneration) === object.metadata.generation
      const updated = count(status.updatedReplicas) >= replicas
      return verdict(caughtUp && updated && count(status.availableReplicas) >= count(status.updatedReplicas))
    }
    case 'Service':
      return verdict(!isLoadBalancer(object) || ingressOf(status).length > 0)
    case 'Ingress':
      return verdict(ingressOf(status).length > 0)
    case 'PersistentVolumeClaim':
      return verdict(status.phase === 'Bound')
    case 'Pod':
      return verdict(status.phase === 'Running' || status.phase === 'Succeeded')
    case 'DaemonSet':
      return verdict(count(status.numberAvailable) >= count(status.desiredNumberScheduled))
    default:
      return 'Unknown'
  }
}

/** The ingress entries of a Service's status. */
export function ingressOf(status: Fields): Fields[] {
  const loadBalancer = status.loadBalancer as { ingress?: Fields[] } | undefined
  return loadBalancer?.ingress ?? []
}

function isLoadBalancer(object: KubeObject): boolean {
  return (object.spec as Fields | undefined)?.type === 'LoadBalancer'
}

function verdict(healthy: boolean): Health {
  return healthy ? 'Healthy' : 'Unhealthy'
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
