import { connectKube, type Kubeconfig, onlyContext, renameContext, secretsOf } from '@meridian/kube'
import type { Job } from '@meridian/runner'
import { awaitHealth, lookAtNodes } from './await-health.ts'
import type { Inputs } from './inputs.ts'
import { publishCluster } from './publish-cluster.ts'
import { publishKubeconfig } from './publish-kubeconfig.ts'

/** Takes a cluster that somebody else made: a context under its alias, and a look at its health. It is not changed. */
export async function useExisting(inputs: Inputs, given: Kubeconfig, job: Job): Promise<void> {
  const { name } = inputs.cluster
  const context = inputs.kubeconfigContext ?? given['current-context']
  const kubeconfig = onlyContext(renameContext(given, context, name), name)
  for (const secret of secretsOf(kubeconfig)) job.mask(secret)
  const kube = connectKube(kubeconfig, {
    context: name,
    userAgent: job.userAgent,
    signal: job.signal,
    env: job.env,
  })
  if (!inputs.dryRun) await publishKubeconfig(kubeconfig, job)
  const look = () => lookAtNodes(kube)
  const health = inputs.wait ? await awaitHealth(inputs, look, job) : await look()
  await publishCluster(
    inputs,
    { kube, health, created: false, unclaimed: false, expiresAt: '', changes: [], cost: undefined },
    job,
  )
}
