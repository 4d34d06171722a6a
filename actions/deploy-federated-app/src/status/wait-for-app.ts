import {
  type Binding,
  type BindingStatus,
  bindingName,
  type Cluster,
  listBarriers,
  listBindings,
  listClusters,
  watchBindings,
} from '@meridian/karmada'
import { describeRef, type Kube, type KubeObject, refOf } from '@meridian/kube'
import { done, inParallel, type Job, waitFor, waiting } from '@meridian/runner'
import type { AppPlacement } from '../placement/app-placement.ts'
import { describeUnready } from '../placement/choose-clusters.ts'
import { goneByItself, judge, removesItself, replicasOf } from './expected-status.ts'
import { createImageFailureFinder } from './find-image-failures.ts'
import { type Changed, createOutdatedCopyFinder } from './find-outdated-copies.ts'
import { createFailureJudge, sendAgain } from './lasting-failures.ts'
import { createRebalance } from './rebalance.ts'
import type { TemplateStatus } from './template-status.ts'

/** A line of the log for hundreds of objects would be read by nobody. */
const mostShown = 20

/** What is to arrive, and where. */
export type AppTarget = {
  /** As the federation had them when they were last looked at or written. */
  templates: readonly KubeObject[]
  placement: AppPlacement
  /** Clusters that must have it; all of the placement where it is not given. */
  only?: readonly string[]
  /** Clusters from which changes are held back, by template as `describeRef` names it. */
  held?: ReadonlyMap<string, readonly string[]>
  /** What this run has changed: members are asked whether they have it where no report tells. */
  changed?: Changed
}

/** Reads how far every template has come, by a list of the bindings: the templates only where they have changed since. */
export async function readAppStatus(federation: Kube, target: AppTarget): Promise<TemplateStatus[]> {
  return (await look(federation, target)).statuses
}

async function look(
  federation: Kube,
  target: AppTarget,
): Promise<{ statuses: TemplateStatus[]; clusters: Cluster[] }> {
  const { templates, placement, only, held } = target
  const [bindings, clusters] = await Promise.all([
    listBindings(federation, namespacesOf(templates)),
    listClusters(federation),
  ])
  const bound = new Map(bindings.map(binding => [keyOf(binding.metadata), binding]))
  const unready = sayOfEach(clusters, describeUnready)
  const barred = sayOfEach(clusters, describeBarriers)
  const statuses = await inParallel(templates, async known => {
    const { kind, metadata } = known
    const binding = bound.get(keyOf({ ...metadata, name: bindingName(kind, metadata.name) }))
    if (!binding && removesItself(known) && !(await federation.get(refOf(known))))
      return { template: known, status: goneByItself }
    const isOld = binding !== undefined && isOutdated(known, binding)
    const template = (isOld ? await federation.get(refOf(known)) : undefined) ?? known
    const where = { only, held: held?.get(describeRef(refOf(template))) ?? [], unready, barred }
    return { template, binding, status: judge(template, binding, placement, where) }
  })
  return { statuses, clusters }
}

const namespacesOf = (templates: readonly KubeObject[]) => [
  ...new Set(templates.map(template => template.metadata.namespace)),
]

/**
 * Waits until every template has arrived in every region; progress is told region by region. What is scheduled
 * otherwise than it would be now (a region was away, a kind was not served yet) is scheduled anew. What no waiting mends
 * ends it early, with a LastingError.
 */
export async function waitForApp(
  job: Pick<Job, 'signal' | 'deadline' | 'log'>,
  federation: Kube,
  target: AppTarget,
  options: { timeout?: number } = {},
): Promise<TemplateStatus[]> {
  const rebalance = createRebalance(job, federation)
  const giveUp = createFailureJudge()
  const lookForImages = createImageFailureFinder(federation)
  const findBehind = target.changed && createOutdatedCopyFinder(federation, target.changed)
  // Each look reads all bindings, and Karmada brings some dozens of objects a second: many are looked at less often.
  const first = Math.min(20_000, 500 + 10 * target.templates.length)
  return waitFor(job, {
    what: target.only ? `the app in ${target.only.join(', ')}` : 'the app in all regions',
    fix: 'The lines above say what each region lacks. Correct it and run this again; it goes on where it stopped.',
    every: { first, most: Math.max(first, Math.min(10_000, 4 * first)) },
    hint: () => watchBindings(federation, namespacesOf(target.templates)),
    ...options,
    probe: async () => {
      const { statuses, clusters } = await look(federation, target)
      if (statuses.every(({ status }) => status.done)) {
        const behind = (await findBehind?.(statuses)) ?? []
        return behind.length === 0
          ? done(statuses)
          : waiting(`still the version before: ${describeBehind(behind)}`)
      }
      await rebalance(statuses, clusters)
      const progress = describeProgress(statuses)
      const now = Date.now()
      const images = await lookForImages(statuses, progress, now)
      for (const template of giveUp(statuses, progress, now, images)) {
        job.log.info(`${describeRef(refOf(template))} is sent again: what was said of it may be of before`)
        await sendAgain(federation, template, federation.serverTime())
      }
      return waiting(describeProgress(statuses, mostShown))
    },
  })
}

/** `hugo: usa 1/2 replicas ready, eur ok; hugo-svc: waiting for the scheduler`; of more than `most` the first. */
export function describeProgress(
  statuses: readonly TemplateStatus[],
  most = Number.POSITIVE_INFINITY,
): string {
  const late = statuses.filter(({ status }) => !status.done)
  const told = late.slice(0, most).map(({ template, status }) => {
    const open = status.regions.filter(({ reason }) => reason !== '')
    const regions = open.map(({ cluster, reason }) => `${cluster} ${reason}`)
    const parts = regions.length === 0 || !scheduled(status) ? [status.reason] : regions
    return `${template.kind} ${template.metadata.name}: ${parts.join(', ')}`
  })
  return listSome(told, late.length - told.length).join('; ')
}

function describeBehind(behind: readonly string[]): string {
  return listSome(behind.slice(0, mostShown), behind.length - mostShown).join(', ')
}

const listSome = (shown: readonly string[], rest: number) => [
  ...shown,
  ...(rest > 0 ? [`and ${rest} more`] : []),
]

function scheduled(status: BindingStatus): boolean {
  return status.regions.some(({ reason }) => reason !== 'waiting to be scheduled')
}

/** What there is to say of clusters, by name. */
function sayOfEach(
  clusters: readonly Cluster[],
  say: (cluster: Cluster) => string | undefined,
): Record<string, string> {
  return Object.fromEntries(
    clusters.flatMap(cluster => {
      const words = say(cluster)
      return words === undefined ? [] : [[cluster.metadata.name, words]]
    }),
  )
}

function describeBarriers(cluster: Cluster): string | undefined {
  const taints = listBarriers(cluster)
  return taints.length === 0 ? undefined : `it is tainted ${taints.join(', ')}`
}

/** Whether a binding tells that its template is another by now: somebody has scaled or changed it. */
export function isOutdated(template: KubeObject, { spec, status }: Binding): boolean {
  const replicas = replicasOf(template)
  const { generation } = template.metadata
  const seen = (status?.aggregatedStatus ?? []).flatMap(item => item.status?.resourceTemplateGeneration ?? [])
  return (
    (replicas !== undefined && replicas !== (spec.replicas ?? 0)) ||
    (generation !== undefined && seen.some(each => each > generation))
  )
}

function keyOf({ namespace, name }: KubeObject['metadata']): string {
  return `${namespace}/${name}`
}
