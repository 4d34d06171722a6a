import { findCondition, type KubeObject } from '@meridian/lab-kube-api'
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

/** Health of a member object; of kinds that Karmada has no rule for, all are (pkg/resourceinterpreter/default/native). */
export function interpretHealth(object: KubeObject): Health {
  const rule = healthRules[`${object.apiVersion} ${object.kind}`]
  const part = (name: string) => (object[name] ?? {}) as Fields
  return !rule || rule({ object, spec: part('spec'), status: part('status') }) ? 'Healthy' : 'Unhealthy'
}

/** Whether Karmada has a rule for the health of a kind. */
export function judgesHealth({ apiVersion, kind }: KubeObject): boolean {
  return `${apiVersion} ${kind}` in healthRules
}

type HealthRule = (parts: { object: KubeObject; spec: Fields; status: Fields }) => boolean

const caughtUp: HealthRule = ({ object, status }) =>
  count(status.observedGeneration) === object.metadata.generation

const updated: HealthRule = ({ object, spec, status }) =>
  caughtUp({ object, spec, status }) &&
  count(status.updatedReplicas) >= count(spec.replicas) &&
  count(status.availableReplicas) >= count(status.updatedReplicas)

const healthRules: Readonly<Record<string, HealthRule>> = {
  'apps/v1 Deployment': updated,
  'apps/v1 StatefulSet': updated,
  'apps/v1 ReplicaSet': parts =>
    caughtUp(parts) && count(parts.status.availableReplicas) >= count(parts.spec.replicas),
  'apps/v1 DaemonSet': parts =>
    caughtUp(parts) &&
    count(parts.status.updatedNumberScheduled) >= count(parts.status.desiredNumberScheduled) &&
    count(parts.status.numberAvailable) >= count(parts.status.updatedNumberScheduled),
  'v1 Service': ({ object, status }) => !isLoadBalancer(object) || ingressOf(status).length > 0,
  'networking.k8s.io/v1 Ingress': ({ status }) => ingressOf(status).length > 0,
  'v1 PersistentVolumeClaim': ({ status }) => status.phase === 'Bound',
  'v1 Pod': ({ object, status }) =>
    status.phase === 'Succeeded' ||
    (status.phase === 'Running' && findCondition(object, 'Ready')?.status === 'True'),
  'policy/v1 PodDisruptionBudget': ({ status }) =>
    count(status.currentHealthy) >= count(status.desiredHealthy),
}

/** The ingress entries of a Service's status. */
export function ingressOf(status: Fields): Fields[] {
  const loadBalancer = status.loadBalancer as { ingress?: Fields[] } | undefined
  return loadBalancer?.ingress ?? []
}

function isLoadBalancer(object: KubeObject): boolean {
  return (object.spec as Fields | undefined)?.type === 'LoadBalancer'
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
