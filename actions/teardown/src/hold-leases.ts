import { s3 } from '@meridian/aws'
import { birthTags, bucketOf } from '@meridian/identity'
import { acquireLease, ensureStateBucket, type Lease } from '@meridian/state'
import { type FoundCluster, surveyBucket } from './survey.ts'
import type { Work } from './work.ts'

/**
 * Does something while this run has the lease on every cluster that has a state bucket: another run on them waits,
 * or is waited for. What `act` gets was read under the leases. A cluster whose state was lost gets a bucket first.
 */
export async function holdLeases(
  work: Work,
  found: readonly FoundCluster[],
  act: (work: Work, found: readonly FoundCluster[]) => Promise<void>,
): Promise<void> {
  const leases = new Map<string, Lease>()
  try {
    // One after the other and in one order for all runs: two that wait for each other would wait for ever.
    for (const one of found.toSorted((a, b) => (a.cluster.fullName < b.cluster.fullName ? -1 : 1))) {
      const lease = await takeLease(work, one)
      if (lease !== undefined) leases.set(one.cluster.fullName, lease)
    }
    const now = await Promise.all(found.map(one => lookAgain(work, one)))
    await act({ ...work, leases }, now)
  } finally {
    await Promise.all([...leases.values()].map(lease => lease.release()))
  }
}

/** What another run has removed while this one waited is neither ours to tell nor left. */
async function lookAgain(work: Work, before: FoundCluster): Promise<FoundCluster> {
  const { cluster, orphans } = before
  const now = await surveyBucket(work, cluster)
  const { fullName, region } = cluster
  if (now.bucket === undefined) work.ledger.forget({ type: 'state-bucket', id: bucketOf(cluster), region })
  if (!now.configured && (before.configured || now.bucket === undefined))
    work.ledger.forget({ type: 'cluster', id: fullName, region })
  return now.bucket === undefined ? now : { ...now, orphans }
}

async function takeLease(work: Work, { cluster, bucket, orphans }: FoundCluster): Promise<Lease | undefined> {
  const { job, aws, inputs } = work
  if (bucket === undefined && orphans.length === 0) return undefined
  const region = bucket?.region ?? cluster.region
  const client = s3(aws, region)
  const name = bucketOf(cluster)
  if (bucket === undefined) {
    job.log.info(`${cluster.name}: its state bucket is lost, but ${orphans.length} of its resources live`)
    await ensureStateBucket(client, { name, region, tags: certify(work), job })
    work.ledger.found({ type: 'state-bucket', id: name, region })
  }
  return acquireLease(client, { bucket: name, fullName: cluster.fullName, job, wait: inputs.leaseTimeout })
}

function certify({ inputs, job }: Work): Record<string, string> {
  const { repository, url } = job.run
  return birthTags({ identity: inputs, repository, run: url, createdAt: new Date(), version: job.version })
}
