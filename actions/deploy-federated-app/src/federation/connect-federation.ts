import type { SignIn } from '@meridian/aws'
import { completeClusters } from '@meridian/identity'
import { connectFederation } from '@meridian/karmada'
import { connectKube, contextNames, hasContext, type Kube, loadKubeconfig } from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'

/** Connects to the federation, in this order: the given kubeconfig, the context in KUBECONFIG, the host cluster. */
export async function reachFederation(inputs: Inputs, job: Job, aws: SignIn): Promise<Kube> {
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
  return askHost(inputs, job, aws)
}

async function askHost(inputs: Inputs, job: Job, aws: SignIn): Promise<Kube> {
  const { clusters } = inputs
  if (clusters === undefined) {
    throw new UserError(
      `there is no way to the federation: KUBECONFIG has no context '${inputs.federation}'`,
      {
        fix: 'Give clusters, or kubeconfig, or run federate earlier in this job.',
        input: 'clusters',
      },
    )
  }
  const descriptors = completeClusters(clusters, inputs)
  const name = inputs.host ?? descriptors[0]?.name
  const descriptor = descriptors.find(each => each.name === name)
  if (descriptor === undefined) throw new Error(`${name} is not among the clusters`)
  const { reachCluster } = await import('@meridian/kops')
  const host = await reachCluster(job, await aws(), descriptor, inputs)
  return connectFederation(job, host, inputs.federation)
}
