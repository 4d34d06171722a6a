import type { Aws } from '@meridian/aws'
import type { ClusterDescriptor } from '@meridian/identity'
import {
  inspectMember,
  type Joined,
  type Joins,
  type Member,
  type MemberOwner,
  type MemberSpace,
  proveJoin,
  readMemberSpace,
  readMemberVersion,
} from '@meridian/karmada'
import { type ConnectedCluster, connectCluster } from '@meridian/kops'
import { contextParts, isUnreachable } from '@meridian/kube'
import { type Job, messageOf, UserError } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import type { Joinable } from './judge-clusters.ts'

/** A cluster to which there is a way. */
export type Connected = Joinable & ConnectedCluster

/** A cluster that answers, with what tells it from others. */
export type Reached = Connected & {
  kubernetesVersion: string
  /** UID of its kube-system namespace: the cluster's identity, whatever it is called. */
  id: string
  /** As it was when it was looked at; undefined of a member that proved its join without. */
  space?: MemberSpace
  /** What there is to do about its join; undefined where the control plane could not be asked. */
  outcome?: Joined['outcome'] | undefined
}

/** Finds the way to all clusters at once. The one that `host` names is asked whether it answers and lets this run in. */
export async function connectMembers(
  job: Job,
  aws: Aws,
  clusters: readonly Joinable[],
  inputs: Inputs,
  host: string | undefined,
): Promise<Connected[]> {
  const options = { ...inputs, lifetime: inputs.adminLifetime }
  return settleAll(job, clusters, async cluster => {
    const { descriptor, known } = cluster
    const connected = await connectCluster(job, aws, descriptor, { ...options, known })
    if (descriptor.name === host) {
      await connected.requireRights()
      await readMemberVersion(job, connected.kube)
    }
    return { ...cluster, ...connected }
  })
}

/** What the control plane has of joins, where it can be asked, and for whom they are. */
export type Standing = { readonly joins: Joins | undefined; readonly owner: MemberOwner }

/** Makes sure of all at once that they answer and can be members together; nothing is written. */
export async function meetMembers(
  job: Job,
  members: readonly Connected[],
  standing: Standing,
): Promise<Reached[]> {
  const met = await settleAll(job, members, member => meet(job, member, standing))
  refuseTwins(met)
  return met
}

async function meet(job: Job, member: Connected, { joins, owner }: Standing): Promise<Reached> {
  const { kube, descriptor } = member
  const place = placeOf(member)
  const proven = joins && (await proveJoin(job, joins, kube, place, owner))
  const tell = (version: string) =>
    job.log.info(`${describeCluster(descriptor)}: Kubernetes ${version} at ${kube.server}`)
  if (proven) {
    tell(proven.kubernetesVersion)
    return { ...member, ...proven, outcome: 'unchanged' }
  }
  await member.requireRights()
  const [kubernetesVersion, space] = await Promise.all([readMemberVersion(job, kube), readMemberSpace(kube)])
  tell(kubernetesVersion)
  const outcome = joins && (await inspectMember(job, joins, kube, space, place, owner))
  return { ...member, kubernetesVersion, id: space.id, space, outcome }
}

/** A member as the scheduler is to know it, and its mark. Of EKS it is EKS that tells what its endpoint verifies by. */
export function placeOf({ descriptor, account, kube }: Connected): Member {
  const { name, region, zones, fullName, provider } = descriptor
  const caBundle =
    provider === 'eks'
      ? contextParts(kube.kubeconfig, kube.context).cluster['certificate-authority-data']
      : undefined
  const cloud = provider === 'kind' ? 'kind' : 'aws'
  return { name, region, zones, provider: cloud, fullName, account, caBundle }
}

/** Does `work` for all clusters at once; one error tells of all that do not answer. */
async function settleAll<C extends Joinable, R>(
  job: Pick<Job, 'signal'>,
  clusters: readonly C[],
  work: (cluster: C) => Promise<R>,
): Promise<R[]> {
  const answers = await Promise.allSettled(clusters.map(work))
  job.signal.throwIfAborted()
  const failures = answers.flatMap((answer, at) =>
    answer.status === 'rejected'
      ? [{ descriptor: clusters[at]?.descriptor, reason: answer.reason as unknown }]
      : [],
  )
  if (failures.length > 0) throw explainSilence(failures)
  return answers.flatMap(answer => (answer.status === 'fulfilled' ? [answer.value] : []))
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
      fix: `If it is away for a moment, run this again. Else run create-cluster and wait until it is ready, or leave it out of clusters (with prune it is then unjoined).`,
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
export function explainLoss(error: unknown, members: readonly Connected[]): unknown {
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
