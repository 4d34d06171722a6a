import type { SignIn } from '@meridian/aws'
import { connectFederation } from '@meridian/karmada'
import { connectKube, contextNames, hasContext, type Kube, loadKubeconfig } from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import type { KopsInputs } from '@meridian/tools'
import type { Inputs } from '../inputs.ts'
import type { Members } from './members.ts'

/** Connects to the federation, in this order: the given kubeconfig, the context in KUBECONFIG, the host cluster. */
export async function reachFederation(
  inputs: Pick<Inputs, 'federation' | 'kubeconfig' | 'stateStoreAccount'> & KopsInputs,
  { host }: Members,
  job: Job,
  aws: SignIn,
): Promise<Kube> {
  const connection = {
    context: inputs.federation,
    userAgent: job.userAgent,
    signal: job.signal,
    env: job.env,
  }
  const given = inputs.kubeconfig ?? (await loadKubeconfig(job.env))
  if (given !== undefined && hasContext(given, inputs.federation)) return connectKube(given, connection)
  if (inputs.kubeconfig !== undefined) {
    throw new UserError(
      `the kubeconfig has no context '${inputs.federation}', only ${contextNames(inputs.kubeconfig).join(', ') || 'none'}`,
      {
        fix: 'Set the input federation to the name of its context.',
        input: 'federation',
      },
    )
  }
  if (host === undefined) {
    throw new UserError(
      `there is no way to the federation: KUBECONFIG has no context '${inputs.federation}'`,
      {
        fix: 'Give clusters, or kubeconfig, or run federate earlier in this job.',
        input: 'clusters',
      },
    )
  }
  const { reachCluster } = await import('@meridian/kops')
  const { kopsVersion, kopsPath, kopsUrl, kopsSha256, stateStoreAccount } = inputs
  // No more of the inputs: their `lifetime` is the environment's, and here it would be that of an administrator's keys.
  const options = { kopsVersion, kopsPath, kopsUrl, kopsSha256, stateStoreAccount }
  return connectFederation(job, await reachCluster(job, await aws(), host, options), inputs.federation)
}
