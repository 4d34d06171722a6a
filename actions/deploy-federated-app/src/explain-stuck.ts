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

type Asking = Pick<Kube, 'request'>

/**
 * Prints, for each region that is not done, why its pods do not run and what its events warn of, and what the
 * control plane itself warns of. All are asked at once: a dead member costs its time-out only once.
 */
export async function explainStuck(
  job: Pick<Job, 'log'>,
  federation: Asking,
  arrivals: readonly Arrival[],
): Promise<void> {
  const open = arrivals.filter(({ status }) => !status.done)
  const namespaces = [...new Set(open.flatMap(({ template }) => template.metadata.namespace ?? []))]
  const places = new Map<string, { cluster: string; namespace: string }>()
  for (const { template, status } of open) {
    const { namespace } = template.metadata
    for (const { cluster, reason } of status.regions)
      if (reason !== '' && namespace) places.set(`${cluster}/${namespace}`, { cluster, namespace })
  }
  const pages = await Promise.all([
    ...namespaces.map(async namespace => ({
      title: `federation: events of namespace ${namespace}`,
      lines: await ask(async () =>
        listWarnings(await readList<Event>(federation, eventsPath('', namespace))),
      ),
    })),
    ...[...places.values()].map(async ({ cluster, namespace }) => ({
      title: `${cluster}: pods and events of namespace ${namespace}`,
      lines: await ask(() => lookInto(federation, cluster, namespace)),
    })),
  ])
  for (const { title, lines } of pages) {
    await job.log.group(title, async () => {
      for (const line of lines) job.log.info(line)
    })
  }
}

async function ask(work: () => Promise<string[]>): Promise<string[]> {
  try {
    const lines = await work()
    return lines.length === 0 ? ['nothing unusual'] : lines.slice(0, mostLines)
  } catch (error) {
    if (error instanceof KubeError) return [`cannot be asked: ${messageOf(error)}`]
    throw error
  }
}

/** Asks the member through the federation, which the job can reach though the member may not be. */
async function lookInto(federation: Asking, cluster: string, namespace: string): Promise<string[]> {
  const proxy = `/apis/cluster.karmada.io/v1alpha1/clusters/${cluster}/proxy`
  const [pods, events] = await Promise.all([
    readList<Pod>(federation, `${proxy}/api/v1/namespaces/${namespace}/pods`),
    readList<Event>(federation, eventsPath(proxy, namespace)),
  ])
  return [...pods.flatMap(describePod), ...listWarnings(events)]
}

async function readList<T>(federation: Asking, path: string): Promise<T[]> {
  const how = { timeout: requestMilliseconds, repeatable: false, query: { limit: '500' } }
  return (await federation.request<{ items: T[] }>('GET', path, how)).items
}

function eventsPath(root: string, namespace: string): string {
  return `${root}/api/v1/namespaces/${namespace}/events`
}

/** The same warning of the same object is said once. */
function listWarnings(events: readonly Event[]): string[] {
  return [...new Set(events.flatMap(describeEvent))]
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
