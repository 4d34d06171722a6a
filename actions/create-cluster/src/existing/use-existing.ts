import { type Aws, connectAws } from '@meridian/aws'
import { reachEks, reachKind } from '@meridian/kops'
import {
  connectKube,
  type Kube,
  type Kubeconfig,
  onlyContext,
  renameContext,
  secretsOf,
} from '@meridian/kube'
import type { Job } from '@meridian/runner'
import { lookAtNodes } from '../health/look-at-nodes.ts'
import { awaitHealth } from '../health/wait-for-health.ts'
import { awaitWorkloads } from '../health/wait-for-workloads.ts'
import type { Inputs } from '../inputs.ts'
import { publishCluster } from '../report/publish-cluster.ts'
import { publishKubeconfig } from '../report/publish-kubeconfig.ts'
import { awaitEksUpgrade } from './wait-for-eks-upgrade.ts'

/** Takes a cluster that somebody else made, by its kubeconfig. It is not changed. */
export async function useExisting(inputs: Inputs, given: Kubeconfig, job: Job): Promise<void> {
  await checkCredentials(inputs, job)
  const { name } = inputs.cluster
  const context = inputs.kubeconfigContext ?? given['current-context']
  const kubeconfig = onlyContext(renameContext(given, context, name), name)
  for (const secret of secretsOf(kubeconfig)) job.mask(secret)
  const connection = { context: name, userAgent: job.userAgent, signal: job.signal, env: job.env }
  await use(inputs, connectKube(kubeconfig, connection), { mayBeEmpty: false }, job)
}

/** Takes a cluster that kind runs on this machine. It is not changed. */
export async function useKind(inputs: Inputs, job: Job): Promise<void> {
  await checkCredentials(inputs, job)
  await use(inputs, await reachKind(job, inputs.cluster), { mayBeEmpty: false }, job)
}

/** AWS has no part in it, but credentials that were asked for must be the right ones all the same. */
async function checkCredentials(inputs: Inputs, job: Job): Promise<void> {
  if (inputs.roleToAssume ?? inputs.expectedAccountId) await (await connectAws(job, inputs)).account()
}

/** Takes a cluster of EKS, by what EKS says of it. It is not changed: an upgrade is waited for, which others make. */
export async function useEks(inputs: Inputs, aws: Aws, job: Job): Promise<void> {
  const { kube, eks } = await reachEks(job, aws, inputs.cluster)
  job.log.info(`${eks.arn} runs Kubernetes ${eks.version}, and is ${eks.status}.`)
  if (inputs.upgrade) {
    const missing = await awaitEksUpgrade(inputs, { aws, kube, eks }, job)
    job.output('replaces', missing)
    for (const what of missing)
      job.log.info(`${inputs.dryRun ? 'To be waited for' : 'Was waited for'}: ${what}.`)
  }
  await use(inputs, kube, { mayBeEmpty: eks.autoMode }, job)
  if (inputs.upgrade && !inputs.dryRun) await awaitWorkloads(kube, job)
  if (!inputs.dryRun)
    job.log.info(
      `Later steps reach it by the context ${kube.context} for about ten minutes: so long its token is good. Meridian's actions make their own.`,
    )
}

/** A context under the alias, and a look at the health. */
async function use(inputs: Inputs, kube: Kube, given: { mayBeEmpty: boolean }, job: Job): Promise<void> {
  if (!inputs.dryRun) await publishKubeconfig(kube.kubeconfig, job)
  const look = () => lookAtNodes(kube, given)
  const health = inputs.wait ? await awaitHealth(inputs, { look, kube }, job) : await look()
  await publishCluster(
    inputs,
    { kube, health, created: false, unclaimed: false, expiresAt: '', changes: [], cost: undefined },
    job,
  )
}
