import { memberPath } from '@meridian/karmada'
import { KubeError } from '@meridian/kube'
import { type Job, messageOf } from '@meridian/runner'
import { madeFor, type Named } from '../status/made-for.ts'
import { type Asking, describePod, readList, readPods } from '../status/pods.ts'
import type { TemplateStatus } from '../status/template-status.ts'

/** Of events.k8s.io, in core/v1's spelling: an event has one of these times at least. */
export type Event = {
  type?: string
  reason?: string
  message?: string
  involvedObject?: Named
  lastTimestamp?: string | null
  series?: { lastObservedTime?: string }
  eventTime?: string | null
  firstTimestamp?: string | null
}

const mostLines = 20

/**
 * Prints, for each region that is not done, why the app's pods do not run and what events have warned of since the run
 * began (by the servers' clocks, milliseconds), and what the control plane has. Of other apps in the same namespaces nothing
 * is told. All are asked at once: a dead member costs its time-out only once.
 */
export async function explainStuck(
  job: Pick<Job, 'log'>,
  federation: Asking,
  statuses: readonly TemplateStatus[],
  since: number,
): Promise<void> {
  const open = statuses.filter(({ status }) => !status.done)
  const namespaces = [...new Set(open.flatMap(({ template }) => template.metadata.namespace ?? []))]
  const places = new Map<string, { cluster: string; namespace: string }>()
  for (const { template, status } of open) {
    const { namespace } = template.metadata
    for (const { cluster, reason } of status.regions)
      if (reason !== '' && namespace) places.set(`${cluster}/${namespace}`, { cluster, namespace })
  }
  const ownIn = (namespace: string) => {
    const templates = statuses.map(({ template }) => template)
    return madeFor(templates.filter(({ metadata }) => metadata.namespace === namespace))
  }
  const pages = await Promise.all([
    ...namespaces.map(async namespace => ({
      title: `federation: events of namespace ${namespace}`,
      lines: await ask(async () => {
        const events = await readList<Event>(federation, eventsPath('', namespace))
        return listWarnings(events, ownIn(namespace), since)
      }),
    })),
    ...[...places.values()].map(async ({ cluster, namespace }) => ({
      title: `${cluster}: pods and events of namespace ${namespace}`,
      lines: await ask(() => lookInto(federation, { cluster, namespace }, ownIn(namespace), since)),
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
async function lookInto(
  federation: Asking,
  { cluster, namespace }: { cluster: string; namespace: string },
  isOwn: (object: Named) => boolean,
  since: number,
): Promise<string[]> {
  const [pods, events] = await Promise.all([
    readPods(federation, { cluster, namespace }, isOwn),
    readList<Event>(federation, eventsPath(memberPath(cluster), namespace)),
  ])
  return [...pods.flatMap(describePod), ...listWarnings(events, isOwn, since)]
}

function eventsPath(root: string, namespace: string): string {
  return `${root}/api/v1/namespaces/${namespace}/events`
}

/**
 * What events warn of, the newest first, the same of the same object once. Karmada warns at nearly every object that is made
 * that its binding "already exists", which its cache has not seen yet. Exported for its test.
 */
export function listWarnings(
  events: readonly Event[],
  isOwn: (object: Named) => boolean,
  since: number,
): string[] {
  // Times of events have whole seconds.
  const first = Math.floor(since / 1000) * 1000
  const warnings = events
    .filter(({ type, involvedObject }) => type === 'Warning' && isOwn(involvedObject ?? {}))
    .filter(({ reason, message }) => reason !== 'ApplyPolicyFailed' || !/already exists$/.test(message ?? ''))
    .map(event => ({ event, at: timeOf(event) }))
    .filter(({ at }) => at >= first)
  return [...new Set(warnings.toSorted((a, b) => b.at - a.at).map(({ event }) => describeEvent(event)))]
}

/** An event without a time is as good as of now. */
function timeOf({ lastTimestamp, series, eventTime, firstTimestamp }: Event): number {
  const text = series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? firstTimestamp
  return text ? Date.parse(text) : Number.POSITIVE_INFINITY
}

function describeEvent({ reason, message, involvedObject }: Event): string {
  return `${involvedObject?.kind ?? ''} ${involvedObject?.name ?? ''}: ${reason ?? ''} ${message ?? ''}`.trim()
}
