import { conditionOf, type Kube, type KubeObject } from '@meridian/kube'
import { done, type Job, waitFor, waiting } from '@meridian/runner'
import { clusterType, executionNamespace } from '../names.ts'
import { type Cluster, listClusters, type Taint } from './clusters.ts'

/** Empty `missing` means that the member takes part: replicas can be scheduled to it. */
export type JoinState = { name: string; missing: string[] }

/**
 * What is still missing of a join. A cluster that is ready but not yet untainted, or whose APIs are not all
 * known, is passed over by the scheduler, and replicas are not divided anew when it comes later.
 */
export function joinState(
  name: string,
  cluster: Cluster | undefined,
  namespaces: readonly KubeObject[],
): JoinState {
  if (cluster === undefined) return { name, missing: ['it is not registered'] }
  const ready = conditionOf(cluster, 'Ready')
  const apis = conditionOf(cluster, 'CompleteAPIEnablements')
  const taints = (cluster.spec.taints ?? []).filter(isTransient)
  const space = executionNamespace(name)
  return {
    name,
    missing: [
      ...(ready?.status === 'True'
        ? []
        : [`not ready${ready ? ` (${[ready.reason, ready.message].filter(Boolean).join(': ')})` : ''}`]),
      ...(apis?.status === 'True' ? [] : ['its APIs are not all known']),
      ...taints.map(taint => `tainted ${taint.key}:${taint.effect}`),
      ...(namespaces.some(namespace => namespace.metadata.name === space) ? [] : [`no namespace ${space}`]),
    ],
  }
}

/** Karmada's own taints come and go with a member's state; others are somebody's decision. */
function isTransient({ key, effect }: Taint): boolean {
  return effect === 'NoSchedule' && /^cluster\.karmada\.io\/(not-ready|unreachable)$/.test(key)
}

/** The taints by which somebody keeps replicas off a member (`karmadactl cordon` sets one), as `key:effect`. */
export function listBarriers({ spec }: Cluster): string[] {
  return (spec.taints ?? [])
    .filter(taint => taint.effect !== 'PreferNoSchedule' && !isTransient(taint))
    .map(({ key, effect }) => `${key}:${effect}`)
}

/** The first look at a member is immediate; a flip takes 30 s, and new nodes and APIs some more. */
const patienceMilliseconds = 10 * 60_000

/** Waits until all of the named members take part; answers with them as they then are. */
export async function waitJoined(
  job: Pick<Job, 'signal' | 'deadline' | 'log'>,
  federation: Pick<Kube, 'list' | 'changes'>,
  names: readonly string[],
): Promise<Cluster[]> {
  return waitFor(job, {
    what: `${names.length} members to be ready`,
    timeout: patienceMilliseconds,
    fix: 'The control plane must reach the API endpoint of each member from inside the host cluster. Once it can, run this again.',
    hint: () => federation.changes([clusterType, { apiVersion: 'v1', kind: 'Namespace' }]),
    probe: async () => {
      const [clusters, namespaces] = await Promise.all([
        listClusters(federation),
        federation.list({ apiVersion: 'v1', kind: 'Namespace' }),
      ])
      const find = (name: string) => clusters.find(cluster => cluster.metadata.name === name)
      const unfinished = names
        .map(name => joinState(name, find(name), namespaces))
        .filter(state => state.missing.length > 0)
      if (unfinished.length === 0) return done(names.flatMap(name => find(name) ?? []))
      const phrases = unfinished.map(
        ({ name, missing }) => `${namePlace(name, find(name))}: ${missing.join(', ')}`,
      )
      return waiting(phrases.join('; '))
    },
  })
}

/** `eur (eu-west-1)`. */
function namePlace(name: string, cluster: Cluster | undefined): string {
  return cluster?.spec.region ? `${name} (${cluster.spec.region})` : name
}
