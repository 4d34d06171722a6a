import { type Mark, makeMark, parseStore } from '@meridian/identity'
import { UserError } from '@meridian/runner'
import { acquireLease, type ClusterLease, makeStore, type Store, writeClusterClaim } from '@meridian/state'
import { stateThing } from './ledger.ts'
import { type FoundCluster, isOrphaned, markOf, ownState, surveyStore } from './survey/cluster.ts'
import { judgeClusters } from './survey/judge.ts'
import type { Work } from './work.ts'

/**
 * Does something while this run has the lease on every cluster of its own: another run on them waits, or is waited for.
 * What `act` gets was read, and judged, under the leases. A cluster whose state was lost gets a store first.
 */
export async function holdLeases(
  work: Work,
  found: readonly FoundCluster[],
  act: (work: Work, found: readonly FoundCluster[]) => Promise<void>,
): Promise<void> {
  const leases = new Map<string, ClusterLease>()
  try {
    // One after the other and in one order for all runs: two that wait for each other would wait for ever.
    for (const one of found.toSorted((a, b) => (a.cluster.fullName < b.cluster.fullName ? -1 : 1))) {
      const lease = await takeLease(work, one)
      if (lease !== undefined) leases.set(one.cluster.fullName, lease)
    }
    const now = await Promise.all(found.map(one => lookAgain(work, one)))
    const problem = judgeClusters(now, work.inputs, work.identity)
    if (problem !== undefined) {
      await Promise.all([...leases.values()].map(lease => lease.discard()))
      throw problem
    }
    await act({ ...work, leases }, now)
  } finally {
    await Promise.all([...leases.values()].map(lease => lease.release()))
  }
}

/** What another run has removed while this one waited is neither ours to tell nor left. */
async function lookAgain(work: Work, before: FoundCluster): Promise<FoundCluster> {
  const { cluster, store } = before
  const now = await surveyStore(work, cluster)
  const { fullName, region } = cluster
  if (store !== undefined && ownState(now) === undefined) work.ledger.forget(stateThing(store, cluster))
  if (store !== undefined && now.bucket === undefined)
    work.ledger.forget({ type: 'state-bucket', id: store.bucket, region: store.region })
  if (now.config === undefined && (before.config !== undefined || now.store === undefined))
    work.ledger.forget({ type: 'cluster', id: fullName, region })
  // What was lost is still lost; of a cluster that somebody has just deleted nothing is to be made again.
  return before.config === undefined || now.config !== undefined
    ? { ...now, resources: before.resources }
    : now
}

async function takeLease(work: Work, found: FoundCluster): Promise<ClusterLease | undefined> {
  const { job, inputs } = work
  if (!inputs.scope.has('clusters') && !inputs.scope.has('state')) return undefined
  const restores = isOrphaned(found) && inputs.scope.has('clusters')
  if (!restores && ownState(found) === undefined) return undefined
  const store = found.store ?? (restores ? await makeLostStore(work, found) : undefined)
  if (store === undefined) return undefined
  const { fullName } = found.cluster
  const mark = markFor(work, found)
  const lease = await acquireLease(store, { fullName, job, wait: inputs.leaseTimeout, mark })
  if (lease === undefined || found.etag !== undefined || (found.config === undefined && !restores))
    return lease
  try {
    await claim(work, found, store, mark)
    return lease
  } catch (error) {
    await lease.discard()
    throw error
  }
}

/** A cluster without a claim of its own gets one before it is deleted: by it the next run finds what this one leaves. */
async function claim(work: Work, found: FoundCluster, store: Store, mark: Mark): Promise<void> {
  const { fullName } = found.cluster
  const written = await writeClusterClaim(store, fullName, mark, undefined)
  if (written) return
  const now = await surveyStore(work, found.cluster)
  if (ownState(now) !== undefined) return
  throw new UserError(`another run has claimed ${fullName} at this moment`, {
    fix: 'Run again, to see whose it is now. Nothing was deleted.',
  })
}

function markFor({ identity, job }: Work, found: FoundCluster): Mark {
  const { createdAt, expiresAt, pullRequest } = markOf(found) ?? {}
  const born = {
    ...(createdAt && { createdAt }),
    ...(expiresAt && { expiresAt }),
    ...(pullRequest && { pullRequest }),
  }
  const mark = makeMark(
    { ...identity, cluster: found.cluster.fullName, region: found.cluster.region },
    { run: job.run.url, version: job.version },
  )
  return { ...mark, ...born }
}

async function makeLostStore(work: Work, found: FoundCluster): Promise<Store | undefined> {
  const { job, aws, account } = work
  const { cluster, resources } = found
  job.log.info(`${cluster.name}: its state is lost, but ${resources.ours.length} of its resources live`)
  const wanted = {
    location: parseStore(cluster.stateStore),
    region: cluster.region,
    account,
    identity: { ...work.identity, cluster: cluster.fullName, region: cluster.region },
    birth: { createdAt: new Date(), run: job.run.url, version: job.version },
  }
  const store = await makeStore(aws, wanted, job)
  if (store !== undefined) work.ledger.found({ type: 'state-bucket', id: store.bucket, region: store.region })
  return store
}
