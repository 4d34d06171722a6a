import { errorCode } from '@meridian/aws'
import type { ClusterDescriptor, Owned } from '@meridian/identity'
import { explainBlockers } from '@meridian/inventory'
import { connectKops, deleteCluster, hasConfig, type Kops, leaseKops } from '@meridian/kops'
import type { Kube } from '@meridian/kube'
import { formatDuration, messageOf, UserError } from '@meridian/runner'
import type { ClusterState } from '@meridian/state'
import { kopsRequest } from '@meridian/tools'
import { type FoundCluster, ownState } from '../survey/cluster.ts'
import { limitTime, type Work } from '../work.ts'
import { releaseBalancers, waitInterfacesGone } from './balancers.ts'

const releaseMilliseconds = 5 * 60_000
const reminderMilliseconds = 30_000
/** From then on it is worth asking AWS what is in the way: load balancers take some minutes to go. */
const stuckMilliseconds = 5 * 60_000
const shortestMilliseconds = 60_000

/** Of the clusters that were to be deleted: what went wrong, by full name. */
export type Failures = ReadonlyMap<string, string>

/**
 * Deletes the run's own clusters at the same time. Returns what went wrong, cluster by cluster: one that fails must not
 * keep the others on the bill.
 */
export async function deleteClusters(
  work: Work,
  found: readonly FoundCluster[],
  reached: ReadonlyMap<string, Kube>,
): Promise<Failures> {
  const present = found.flatMap(one => {
    const state = ownState(one)
    return one.config === undefined || state === undefined ? [] : [{ cluster: one.cluster, state }]
  })
  if (present.length === 0 || !work.inputs.scope.has('clusters')) return new Map()
  const kops = await connectKops(work.job, work.aws, kopsRequest(work.inputs))
  const outcomes = await Promise.allSettled(
    present.map(one => deleteOne(work, kops, one, reached.get(one.cluster.name))),
  )
  work.job.signal.throwIfAborted()
  return new Map(
    outcomes.flatMap((outcome, at) => {
      const cluster = present[at]?.cluster
      if (outcome.status === 'fulfilled' || cluster === undefined) return []
      return [[cluster.fullName, `${cluster.name}: ${messageOf(outcome.reason)}`] as const]
    }),
  )
}

/** A cluster that is this run's to delete. */
type Doomed = { readonly cluster: ClusterDescriptor; readonly state: Owned<ClusterState> }

async function deleteOne(
  work: Work,
  plain: Kops,
  { cluster, state }: Doomed,
  kube: Kube | undefined,
): Promise<void> {
  const lease = work.leases.get(cluster.fullName)
  const kops = lease === undefined ? plain : leaseKops(plain, lease)
  if (kube !== undefined) await release(work, cluster.region, kube)
  const started = Date.now()
  work.job.log.info(`${cluster.name}: deleting ${cluster.fullName} and its cloud resources`)
  const outcome = await watchDeletion(work, kops, cluster, state)
  work.ledger.deleted({ type: 'cluster', id: cluster.fullName, region: cluster.region })
  const taken = formatDuration(Date.now() - started)
  work.job.log.info(
    outcome === 'deleted' ? `${cluster.name}: deleted (${taken})` : `${cluster.name}: was deleted already`,
  )
}

/** Runs kops, says what it waits for, and from some time on what AWS has that is in the way. */
async function watchDeletion(
  work: Work,
  kops: Kops,
  cluster: ClusterDescriptor,
  state: Owned<ClusterState>,
): Promise<'deleted' | 'absent'> {
  const { job, inputs } = work
  const started = Date.now()
  let waitingFor = ''
  let since = started
  let explained = false
  const reminder = setInterval(() => {
    job.log.info(
      `${cluster.name}: kops is deleting it (${formatDuration(Date.now() - started)}). ${waitingFor}`,
    )
    if (explained || waitingFor === '' || Date.now() - since < stuckMilliseconds) return
    explained = true
    tellBlockers(work, cluster).then(job.log.info, () => {})
  }, reminderMilliseconds)
  try {
    return await deleteCluster(kops, cluster, job, {
      wait: Math.max(
        shortestMilliseconds,
        Math.min(inputs.clusterTimeout, job.deadline - Date.now() - 60_000),
      ),
      onBlocked(sentence) {
        waitingFor = sentence
        since = Date.now()
        job.log.info(`${cluster.name}: ${sentence}`)
      },
    })
  } catch (error) {
    if (await isAbsent(work, state)) return 'absent'
    if (waitingFor === '') throw error
    const blockers = await tellBlockers(work, cluster)
    throw new UserError(`${messageOf(error)}. ${waitingFor}. ${blockers}`, {
      fix: 'Delete what is in the way if it is yours, then run teardown again.',
      cause: error,
    })
  } finally {
    clearInterval(reminder)
  }
}

async function tellBlockers(
  { aws, job }: Work,
  { name, fullName, region }: ClusterDescriptor,
): Promise<string> {
  try {
    const blockers = await explainBlockers(aws, fullName, region)
    return blockers.length === 0
      ? `${name}: AWS shows nothing in its VPC that would be in the way`
      : `${name}: still in its VPC: ${blockers.join('; ')}`
  } catch (error) {
    job.signal.throwIfAborted()
    return `${name}: what is in its way could not be asked: ${messageOf(error)}`
  }
}

/** Another run may take the state away while kops reads it: what is gone then is deleted, however kops failed. */
async function isAbsent({ job }: Work, { store, fullName }: ClusterState): Promise<boolean> {
  job.signal.throwIfAborted()
  return hasConfig(store, fullName).then(
    there => !there,
    error => errorCode(error) === 'NoSuchBucket',
  )
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
