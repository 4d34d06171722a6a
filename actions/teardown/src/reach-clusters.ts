import { reachCluster } from '@meridian/kops'
import type { Kube } from '@meridian/kube'
import { messageOf } from '@meridian/runner'
import { type FoundCluster, isInhabited } from './survey.ts'
import type { Work } from './work.ts'

const requestMilliseconds = 10_000

/** Clusters that answer, by alias. One that does not is told and left out: it must not hold up its own deletion. */
export async function reachClusters(work: Work, found: readonly FoundCluster[]): Promise<Map<string, Kube>> {
  const { scope } = work.inputs
  if (!scope.has('app') && !scope.has('federation') && !scope.has('clusters')) return new Map()
  const reached = await Promise.all(
    found.filter(isInhabited).map(async one => [one.cluster.name, await reach(work, one)] as const),
  )
  return new Map(reached.flatMap(([name, kube]) => (kube ? [[name, kube] as const] : [])))
}

async function reach({ job, aws, inputs }: Work, { cluster }: FoundCluster): Promise<Kube | undefined> {
  try {
    const kube = await reachCluster(job, aws, cluster, inputs)
    // Repeated by itself for a while: a cluster that is there answers within that time.
    await kube.request('GET', '/readyz', { timeout: requestMilliseconds })
    return kube
  } catch (error) {
    job.signal.throwIfAborted()
    job.log.info(
      `${cluster.name} does not answer, so what is inside it is left to the cloud: ${messageOf(error)}`,
    )
    return undefined
  }
}
