import { type Cluster, listClusters, type Placement } from '@meridian/karmada'
import { conditionOf, type Kube } from '@meridian/kube'
import { done, type Job, UserError, waitFor, waiting } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import type { AppPlacement } from './app-placement.ts'
import type { GivenPlacement, GivenSpread } from './parse-placement.ts'

const readyMilliseconds = 180_000

/**
 * The clusters that take part. Each must be a member and ready before anything is applied: replicas are divided
 * once, and a region that comes later gets none.
 */
export async function chooseClusters(
  job: Job,
  federation: Kube,
  inputs: Pick<Inputs, 'placement' | 'clusters'>,
): Promise<Cluster[]> {
  const present = await listClusters(federation)
  const wanted = resolveNames(
    inputs.placement,
    present.map(nameOf),
    inputs.clusters?.map(({ name }) => name),
  )
  return waitFor(job, {
    what: `clusters ${wanted.join(', ')} to be ready`,
    fix: 'Run federate again, which says what the cluster lacks, or deploy without it for now, with placement: {exclude: [its name]}.',
    timeout: readyMilliseconds,
    probe: async () => {
      const clusters = await listClusters(federation)
      const chosen = clusters.filter(cluster => wanted.includes(nameOf(cluster)))
      const states = chosen.flatMap(cluster =>
        listObstacles(cluster).map(obstacle => `${nameOf(cluster)} ${obstacle}`),
      )
      return states.length === 0 ? done(inOrder(chosen, wanted)) : waiting(states.join(', '))
    },
  })
}

/**
 * Why the scheduler would pass a member over that is to take part. A member that is ready, but whose taint or APIs
 * are not up to date yet, gets no replicas either.
 */
export function listObstacles(cluster: Cluster): string[] {
  const unready = describeUnready(cluster)
  if (unready !== undefined) return [unready]
  const apis = conditionOf(cluster, 'CompleteAPIEnablements')
  const taint = cluster.spec.taints?.find(({ key }) =>
    /^cluster\.karmada\.io\/(not-ready|unreachable)$/.test(key),
  )
  return [
    ...(apis?.status === 'True' ? [] : ['is ready, but its APIs are not all known yet']),
    ...(taint ? [`is ready, but still tainted ${taint.key}`] : []),
  ]
}

/** `is not ready (ClusterNotReachable)`; `undefined` of a member that is. */
export function describeUnready(cluster: Cluster): string | undefined {
  const ready = conditionOf(cluster, 'Ready')
  return ready?.status === 'True' ? undefined : `is not ready (${ready?.reason ?? 'no report'})`
}

/** The names that take part; throws a UserError for one that is no member. Exported for its tests. */
export function resolveNames(
  placement: GivenPlacement,
  members: readonly string[],
  listed: readonly string[] | undefined,
): string[] {
  const wanted = choose(placement, listed ?? members)
  const { only = [], exclude = [] } = placement
  const strangers = [...wanted, ...only, ...exclude].filter(name => !members.includes(name))
  if (strangers.length > 0) {
    throw new UserError(`${[...new Set(strangers)].join(', ')}: not a member of the federation`, {
      fix: `Run federate with it first, or correct placement and clusters. Members are ${members.join(', ') || 'none'}.`,
      input: placement.only || placement.exclude || placement.weights ? 'placement' : 'clusters',
    })
  }
  if (wanted.length > 0) return wanted
  throw new UserError('there is no cluster to deploy to', {
    fix: 'Run federate first, or correct placement: weights, only and exclude leave none over.',
    input: 'placement',
  })
}

/** The names that a spread takes of those that there are: of weights those that have one. */
function choose({ weights, only, exclude = [] }: GivenSpread, names: readonly string[]): string[] {
  const all = weights === undefined ? names : Object.keys(weights).filter(name => (weights[name] ?? 0) > 0)
  return all.filter(name => (only ?? all).includes(name) && !exclude.includes(name))
}

/** The placement with its clusters settled. Throws a UserError for a kind that would go where the app does not. */
export function settlePlacement(
  { kinds = {}, ...given }: GivenPlacement,
  clusters: readonly Pick<Cluster, 'metadata'>[],
): AppPlacement {
  const names = clusters.map(({ metadata }) => metadata.name)
  const app = settle(given, names)
  const each = Object.entries(kinds).map(([kind, spread]) => {
    const wanted = choose(spread, names)
    const strangers = [...wanted, ...(spread.only ?? [])].filter(name => !names.includes(name))
    if (wanted.length > 0 && strangers.length === 0) return [kind, settle(spread, wanted)] as const
    const where =
      strangers.length > 0 ? `to ${[...new Set(strangers)].join(', ')}, where the app does not go` : 'nowhere'
    throw new UserError(`${kind} would go ${where}`, {
      fix: `Correct kinds in placement: a kind takes part in clusters of the app, which are ${names.join(', ')}.`,
      input: 'placement',
    })
  })
  return each.length === 0 ? app : { ...app, kinds: Object.fromEntries(each) }
}

function settle({ mode, weights }: GivenSpread, clusters: readonly string[]): Placement {
  return { mode, clusters, ...(weights && { weights }) }
}

function nameOf(cluster: Cluster): string {
  return cluster.metadata.name
}

function inOrder(clusters: readonly Cluster[], names: readonly string[]): Cluster[] {
  return names.flatMap(name => clusters.find(cluster => nameOf(cluster) === name) ?? [])
}
