import type { Aws } from '@meridian/aws'
import type { ClusterDescriptor } from '@meridian/environment'
import { checkMemberEndpoint } from '@meridian/karmada'
import { reachCluster } from '@meridian/kops'
import { isUnreachable, type Kube } from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import { checkVersions } from './check-versions.ts'
import type { Inputs } from './inputs.ts'

/** A cluster that answers, with what tells it from others. */
export type Reached = {
  descriptor: ClusterDescriptor
  kube: Kube
  kubernetesVersion: string
  /** UID of its kube-system namespace: the cluster's identity, whatever it is called. */
  id: string
}

/** Reaches all clusters at once and makes sure that they can be members together; nothing is written. */
export async function reachMembers(
  job: Job,
  aws: Aws,
  clusters: readonly ClusterDescriptor[],
  inputs: Inputs,
): Promise<Reached[]> {
  const options = { ...inputs, lifetime: inputs.adminLifetime }
  const members = await Promise.all(
    clusters.map(async descriptor =>
      reach(job, await reachCluster(job, aws, descriptor, options), descriptor),
    ),
  )
  refuseTwins(members)
  judgeVersions(job, members, inputs)
  await Promise.all(members.map(({ kube }) => checkMemberEndpoint(job, kube)))
  return members
}

async function reach(job: Job, kube: Kube, descriptor: ClusterDescriptor): Promise<Reached> {
  try {
    const [version, system] = await Promise.all([
      kube.request<{ gitVersion?: string }>('GET', '/version'),
      kube.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' }),
    ])
    const kubernetesVersion = version.gitVersion ?? 'unknown'
    job.log.info(`${descriptor.name}: Kubernetes ${kubernetesVersion} at ${kube.server}`)
    return { descriptor, kube, kubernetesVersion, id: system?.metadata.uid ?? '' }
  } catch (error) {
    if (!isUnreachable(error)) throw error
    throw new UserError(`cluster ${descriptor.name} does not answer: ${error.message}`, {
      fix: `Run create-cluster for ${descriptor.name} and wait until it is ready, or leave it out of clusters.`,
      input: 'clusters',
      cause: error,
    })
  }
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

function judgeVersions(job: Job, members: readonly Reached[], inputs: Inputs): void {
  const { refusals, warnings } = checkVersions(
    inputs.karmadaVersion,
    members.map(({ descriptor, kubernetesVersion }) => ({ name: descriptor.name, kubernetesVersion })),
  )
  for (const warning of warnings) job.log.warning(warning)
  if (refusals.length > 0) {
    throw new UserError(refusals.join('; '), {
      fix: 'Upgrade these clusters, or choose another karmada-version.',
      input: 'karmada-version',
    })
  }
}
