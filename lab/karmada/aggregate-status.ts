import { isComplete, isFinished } from '@meridian/lab-clusters/objects'
import { findCondition, type KubeObject } from '@meridian/lab-kube-api'
import { ingressOf } from './reflect-status.ts'
import type { AggregatedStatusItem } from './types.ts'

type Fields = Record<string, unknown>

/**
 * The status of a template, computed from its members' items: counters add up, ingress entries are united
 * without telling whose they are. `now` is that of new conditions. Undefined for kinds whose status Karmada does not
 * aggregate, and for a Job that has ended, whose status stays.
 */
export function aggregateTemplateStatus(
  template: KubeObject,
  items: readonly AggregatedStatusItem[],
  now = '',
): Fields | undefined {
  const statuses = items.flatMap(item => (item.status ? [item.status] : []))
  if (template.kind === 'Deployment') return sumDeployment(template, statuses)
  if (template.kind === 'StatefulSet') return sumStatefulSet(template, statuses)
  if (template.kind === 'Job') return isFinished(template) ? undefined : sumJob(template, items, now)
  if (template.kind === 'Service') return uniteIngress(template, items)
  return undefined
}

function sumDeployment(template: KubeObject, statuses: readonly Fields[]): Fields {
  const counters = [
    'replicas',
    'updatedReplicas',
    'readyReplicas',
    'availableReplicas',
    'unavailableReplicas',
  ]
  return { ...sum(counters, statuses), observedGeneration: observedGeneration(template, statuses) }
}

function sumStatefulSet(template: KubeObject, statuses: readonly Fields[]): Fields {
  const counters = ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'currentReplicas']
  return { ...sum(counters, statuses), observedGeneration: observedGeneration(template, statuses) }
}

/** A Job has ended well when it has in all members, and badly as soon as it has in one. */
function sumJob(template: KubeObject, items: readonly AggregatedStatusItem[], now: string): Fields {
  const jobs = items.flatMap(({ clusterName, status }) =>
    status ? [{ ...template, clusterName, status }] : [],
  )
  const statuses = jobs.map(({ status }) => status as Fields)
  const isWhole = (ended: readonly unknown[]) => ended.length > 0 && ended.length === items.length
  const texts = (name: string) =>
    statuses.flatMap(each => (each[name] ? [String(each[name])] : [])).toSorted()
  const [begun, completed] = [texts('startTime'), texts('completionTime')]
  const startTime =
    (template.status as Fields | undefined)?.startTime ?? (isWhole(begun) ? begun[0] : undefined)
  const failed = jobs.filter(each => isFinished(each) && !isComplete(each)).map(each => each.clusterName)
  const met = jobs.filter(each => findCondition(each, 'SuccessCriteriaMet')?.status === 'True')
  const condition = (type: string, reason: string, message: string) => [
    { type, status: 'True', lastProbeTime: now, lastTransitionTime: now, reason, message },
  ]
  const conditions = [
    ...(failed.length > 0
      ? condition('Failed', 'JobFailed', `Job executed failed in member clusters ${failed.join(',')}`)
      : []),
    ...(isWhole(jobs.filter(isComplete))
      ? [
          ...condition('Complete', 'Completed', 'Job completed'),
          ...(isWhole(met)
            ? condition(
                'SuccessCriteriaMet',
                'CompletionsReached',
                'All member clusters have met success criteria',
              )
            : []),
        ]
      : []),
  ]
  return {
    ...sum(['active', 'succeeded', 'failed'], statuses),
    ...(conditions.length > 0 && { conditions }),
    ...(startTime !== undefined && { startTime }),
    ...(isWhole(completed) && { completionTime: completed.at(-1) }),
  }
}

// The template has been observed only when each member has observed what was last sent to it.
function observedGeneration(template: KubeObject, statuses: readonly Fields[]): number {
  const generation = template.metadata.generation ?? 0
  const caughtUp = statuses.every(
    status =>
      status.resourceTemplateGeneration === generation && status.generation === status.observedGeneration,
  )
  if (caughtUp && statuses.length > 0) return generation
  return Number((template.status as Fields | undefined)?.observedGeneration ?? 0)
}

function sum(counters: readonly string[], statuses: readonly Fields[]): Fields {
  const totals = counters.map(name => {
    const total = statuses.reduce((all, status) => all + Number(status[name] ?? 0), 0)
    return [name, total] as const
  })
  return Object.fromEntries(totals.filter(([, total]) => total > 0))
}

function uniteIngress(template: KubeObject, items: readonly AggregatedStatusItem[]): Fields | undefined {
  if ((template.spec as Fields | undefined)?.type !== 'LoadBalancer') return undefined
  const entries = new Map<string, Fields>()
  for (const item of items) {
    for (const ingress of ingressOf(item.status ?? {})) {
      entries.set(String(ingress.ip ?? '') + String(ingress.hostname ?? ''), ingress)
    }
  }
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ingress]) => ingress)
  return { loadBalancer: sorted.length > 0 ? { ingress: sorted } : {} }
}
