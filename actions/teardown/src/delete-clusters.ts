import { s3 } from '@meridian/aws'
import { bucketOf, type ClusterDescriptor } from '@meridian/environment'
import { connectKops, deleteCluster, hasClusterConfig, type Kops } from '@meridian/kops'
import type { Kube } from '@meridian/kube'
import { formatDuration, messageOf } from '@meridian/runner'
import { kopsRequest } from '@meridian/tools'
import { releaseBalancers, waitInterfacesGone } from './balancers.ts'
import type { FoundCluster } from './survey.ts'
import { limitTime, type Work } from './work.ts'

const releaseMilliseconds = 5 * 60_000
const reminderMilliseconds = 30_000
/** kops' own default of ten minutes is too short for load balancers that are slow to go. */
const longestMilliseconds = 45 * 60_000
const shortestMilliseconds = 60_000

/**
 * Deletes clusters at the same time. Returns what went wrong, cluster by cluster: one that fails must not keep the
 * others on the bill.
 */
export async function deleteClusters(
  work: Work,
  found: readonly FoundCluster[],
  reached: ReadonlyMap<string, Kube>,
): Promise<string[]> {
  const present = found.filter(({ configured }) => configured)
  if (present.length === 0 || !work.inputs.scope.has('clusters')) return []
  const kops = await connectKops(work.job, work.aws, kopsRequest(work.inputs))
  const outcomes = await Promise.allSettled(
    present.map(one => deleteOne(work, kops, one, reached.get(one.cluster.name))),
  )
  work.job.signal.throwIfAborted()
  return outcomes.flatMap((outcome, at) =>
    outcome.status === 'fulfilled' ? [] : [`${present[at]?.cluster.name}: ${messageOf(outcome.reason)}`],
  )
}

async function deleteOne(
  work: Work,
  kops: Kops,
  { cluster }: FoundCluster,
  kube: Kube | undefined,
): Promise<void> {
  const { job } = work
  if (kube !== undefined) await release(work, cluster.region, kube)
  const wait = Math.min(
    longestMilliseconds,
    Math.max(shortestMilliseconds, job.deadline - Date.now() - 60_000),
  )
  const started = Date.now()
  const reminder = setInterval(
    () => job.log.info(`${cluster.name}: kops is deleting it (${formatDuration(Date.now() - started)})`),
    reminderMilliseconds,
  )
  try {
    job.log.info(`${cluster.name}: deleting ${cluster.fullName} and its cloud resources`)
    const onBlocked = (sentence: string) => job.log.info(`${cluster.name}: ${sentence}`)
    const outcome = await deleteCluster(kops, cluster, job, { wait, onBlocked }).catch(error =>
      forgiveAbsence(work, cluster, error),
    )
    work.ledger.deleted({ type: 'cluster', id: cluster.fullName, region: cluster.region })
    const taken = formatDuration(Date.now() - started)
    job.log.info(
      outcome === 'deleted' ? `${cluster.name}: deleted (${taken})` : `${cluster.name}: was deleted already`,
    )
  } finally {
    clearInterval(reminder)
  }
}

/** Another run may take the state away while kops reads it: what is gone then is deleted, however kops failed. */
async function forgiveAbsence(
  { aws, job }: Work,
  cluster: ClusterDescriptor,
  error: unknown,
): Promise<'absent'> {
  job.signal.throwIfAborted()
  if (await hasClusterConfig(s3(aws, cluster.region), bucketOf(cluster), cluster.fullName)) throw error
  return 'absent'
}

/** A cluster that cannot give back its load balancers loses them with everything else: kops finds them by tag. */
async function release(work: Work, region: string, kube: Kube): Promise<void> {
  const job = limitTime(work.job, releaseMilliseconds)
  try {
    await waitInterfacesGone(job, work.aws, region, await releaseBalancers(job, kube))
  } catch (error) {
    work.job.signal.throwIfAborted()
    work.job.log.info(`${kube.context}: its load balancers are left to kops: ${messageOf(error)}`)
  }
}
