import { type Kube, KubeError, type KubeObject } from '@meridian/kube'
import { type Job, messageOf } from '@meridian/runner'
import type { Arrival } from './wait-done.ts'

type Pod = KubeObject & {
  status?: {
    phase?: string
    conditions?: { type: string; status: string; message?: string }[]
    containerStatuses?: {
      name: string
      ready?: boolean
      state?: { waiting?: { reason?: string; message?: string } }
    }[]
  }
}
type Event = {
  type?: string
  reason?: string
  message?: string
  involvedObject?: { kind?: string; name?: string }
}

const mostLines = 20
const requestMilliseconds = 10_000

/** Prints, for each region that is not done, why its pods do not run and what its events warn of. */
export async function explainStuck(
  job: Pick<Job, 'log'>,
  federation: Pick<Kube, 'request'>,
  arrivals: readonly Arrival[],
): Promise<void> {
  const places = new Map<string, { cluster: string; namespace: string }>()
  for (const { template, status } of arrivals) {
    const { namespace } = template.metadata
    for (const { cluster, reason } of status.regions)
      if (reason !== '' && namespace) places.set(`${cluster}/${namespace}`, { cluster, namespace })
  }
  for (const { cluster, namespace } of places.values()) {
    await job.log.group(`${cluster}: pods and events of namespace ${namespace}`, async () => {
      for (const line of await lookInto(federation, cluster, namespace)) job.log.info(line)
    })
  }
}

/** Asks the member through the federation, which the job can reach though the member may not be. */
async function lookInto(
  federation: Pick<Kube, 'request'>,
  cluster: string,
  namespace: string,
): Promise<string[]> {
  const base = `/apis/cluster.karmada.io/v1alpha1/clusters/${cluster}/proxy/api/v1/namespaces/${namespace}`
  const ask = { timeout: requestMilliseconds, repeatable: false }
  try {
    const [pods, events] = await Promise.all([
      federation.request<{ items: Pod[] }>('GET', `${base}/pods`, ask),
      federation.request<{ items: Event[] }>('GET', `${base}/events`, ask),
    ])
    const lines = [...pods.items.flatMap(describePod), ...events.items.flatMap(describeEvent)]
    return lines.length === 0 ? ['nothing unusual'] : lines.slice(0, mostLines)
  } catch (error) {
    if (error instanceof KubeError) return [`cannot be asked: ${messageOf(error)}`]
    throw error
  }
}

/** Why a pod is not ready; nothing for one that is. Exported for its test. */
export function describePod({ metadata, status }: Pod): string[] {
  const waiting = (status?.containerStatuses ?? []).flatMap(({ name, state }) =>
    state?.waiting
      ? [`${name} ${[state.waiting.reason, state.waiting.message].filter(Boolean).join(': ')}`]
      : [],
  )
  const unmet = (status?.conditions ?? []).filter(each => each.status !== 'True' && each.message)
  const reasons = waiting.length > 0 ? waiting : unmet.map(each => each.message ?? '')
  if (reasons.length === 0) return []
  return [`pod ${metadata.name} (${status?.phase ?? 'unknown'}): ${reasons.join('; ')}`]
}

function describeEvent({ type, reason, message, involvedObject }: Event): string[] {
  if (type !== 'Warning') return []
  return [
    `${involvedObject?.kind ?? ''} ${involvedObject?.name ?? ''}: ${reason ?? ''} ${message ?? ''}`.trim(),
  ]
}
