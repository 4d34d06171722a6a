import type { Aws } from '@meridian/aws'
import type { ClusterDescriptor } from '@meridian/identity'
import { readClusterId, readMemberVersion } from '@meridian/karmada'
import { reachCluster } from '@meridian/kops'
import { isUnreachable, type Kube } from '@meridian/kube'
import { type Job, messageOf, UserError } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import type { Joinable } from './judge-clusters.ts'

/** A cluster that answers, with what tells it from others. */
export type Reached = Joinable & {
  kube: Kube
  kubernetesVersion: string
  /** UID of its kube-system namespace: the cluster's identity, whatever it is called. */
  id: string
}

/** Reaches all clusters at once and makes sure that they can be members together; nothing is written. */
export async function reachMembers(
  job: Job,
  aws: Aws,
  clusters: readonly Joinable[],
  inputs: Inputs,
): Promise<Reached[]> {
  const options = { ...inputs, lifetime: inputs.adminLifetime }
  const answers = await Promise.allSettled(
    clusters.map(async cluster =>
      reach(
        job,
        await reachCluster(job, aws, cluster.descriptor, { ...options, known: cluster.known }),
        cluster,
      ),
    ),
  )
  job.signal.throwIfAborted()
  const members = answers.flatMap(answer => (answer.status === 'fulfilled' ? [answer.value] : []))
  const failures = answers.flatMap((answer, at) =>
    answer.status === 'rejected'
      ? [{ descriptor: clusters[at]?.descriptor, reason: answer.reason as unknown }]
      : [],
  )
  if (failures.length > 0) throw explainSilence(failures)
  refuseTwins(members)
  return members
}

async function reach(job: Job, kube: Kube, cluster: Joinable): Promise<Reached> {
  const [kubernetesVersion, id] = await Promise.all([readMemberVersion(job, kube), readClusterId(kube)])
  job.log.info(`${describeCluster(cluster.descriptor)}: Kubernetes ${kubernetesVersion} at ${kube.server}`)
  return { ...cluster, kube, kubernetesVersion, id }
}

type Failure = { descriptor: ClusterDescriptor | undefined; reason: unknown }

/** One error for all that do not answer; any other failure stands for itself. */
function explainSilence(failures: readonly Failure[]): unknown {
  const other = failures.find(({ reason }) => !isUnreachable(reason))
  if (other !== undefined) return other.reason
  const names = failures.map(({ descriptor }) => (descriptor ? describeCluster(descriptor) : ''))
  const reasons = failures.map(({ reason }) => messageOf(reason)).join('; ')
  return new UserError(
    `${names.join(' and ')} ${names.length > 1 ? 'do' : 'does'} not answer, so nothing was changed: ${reasons}`,
    {
      fix: `Run create-cluster and wait until it is ready, or leave it out of clusters (with prune it is then unjoined).`,
      input: 'clusters',
      cause: failures[0]?.reason,
    },
  )
}

/** `eur (eu-west-1)`. */
export function describeCluster({ name, region }: Pick<ClusterDescriptor, 'name' | 'region'>): string {
  return `${name} (${region})`
}

/** Names the cluster behind an error that says no more than its address: one that was reached and is lost since. */
export function explainLoss(error: unknown, members: readonly Reached[]): unknown {
  if (!isUnreachable(error)) return error
  const lost = members.find(({ kube }) => kube.server === error.server)
  if (lost === undefined) return error
  return new UserError(`${describeCluster(lost.descriptor)} no longer answers: ${error.message}`, {
    fix: 'Run this again when it does: it goes on where it stopped. Or leave it out of clusters.',
    cause: error,
  })
}

function refuseTwins(members: readonly Reached[]): void {
  for (const [at, member] of members.entries()) {
    const twin = members.slice(0, at).find(other => other.id === member.id)
    if (twin === undefined) continue
    throw new UserError(`${twin.descriptor.name} and ${member.descriptor.name} are the same cluster`, {
      fix: 'Give each cluster one name only, and look at which contexts KUBECONFIG gives to the names.',
      input: 'clusters',
    })
  }
}
