import { isConflict, type Kube, type Look, type ObjectRef, patchOver } from '@meridian/kube'
import type { Cluster } from './clusters.ts'

/** Keeps a Cluster until its accounts are out of the member: by it the next run finds what a dead one has left there. */
const accountsFinalizer = 'meridian.dev/member-accounts'
const mostTries = 5

/**
 * Has a Cluster stay, when it is deleted, until `letGo`. One that is being deleted takes no finalizer any more. `judge` throws
 * where it is another by now.
 */
export async function holdCluster(
  federation: Pick<Kube, 'get' | 'patch'>,
  ref: ObjectRef,
  judge: Look<Cluster>['judge'],
): Promise<Cluster | undefined> {
  for (let tries = 1; ; tries += 1) {
    const cluster = await federation.get<Cluster>(ref)
    judge(cluster)
    if (cluster === undefined) return undefined
    const { finalizers = [], deletionTimestamp, resourceVersion } = cluster.metadata
    if (deletionTimestamp !== undefined || finalizers.includes(accountsFinalizer)) return cluster
    const metadata = { resourceVersion, finalizers: [...finalizers, accountsFinalizer] }
    try {
      return await federation.patch<Cluster>(ref, { metadata }, 'merge')
    } catch (error) {
      // Karmada writes to it all the time.
      if (!isConflict(error) || tries === mostTries) throw error
    }
  }
}

/** Whether nothing but `holdCluster` keeps a Cluster: Karmada has let go of it. */
export function isOnlyHeld({ metadata }: Cluster): boolean {
  const { finalizers = [], deletionTimestamp } = metadata
  return deletionTimestamp !== undefined && finalizers.join() === accountsFinalizer
}

/** Lets a Cluster go that only `holdCluster` keeps. */
export async function letGo(
  federation: Pick<Kube, 'get' | 'patch'>,
  ref: ObjectRef,
  judge: Look<Cluster>['judge'],
): Promise<void> {
  const cluster = await federation.get<Cluster>(ref)
  judge(cluster)
  if (cluster === undefined || !isOnlyHeld(cluster)) return
  await patchOver(federation, cluster, { metadata: { finalizers: null } }, judge)
}
