import type { Aws } from '@meridian/aws'
import type { ClusterDescriptor } from '@meridian/environment'
import { connectKube, type Kube, loadKubeconfig } from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import { type KopsInputs, kopsRequest } from '@meridian/tools'
import { connectKops } from './connect.ts'
import { exportKubeconfig, isKubeconfigOf } from './kubeconfig.ts'
import { defaultKopsVersion } from './versions.ts'

export type ReachOptions = Partial<KopsInputs> & {
  /** Of the administrator's certificate, milliseconds; four hours unless told. */
  readonly lifetime?: number | undefined
}

type ReachJob = Pick<Job, 'env' | 'signal' | 'deadline' | 'log' | 'run' | 'scratch' | 'mask' | 'userAgent'>

const defaultLifetime = 4 * 3_600_000

/**
 * Connects to a cluster: by the context of its alias in `$KUBECONFIG` (an earlier step of this job wrote it), or
 * else with a short-lived certificate that kops mints from the state bucket. Nothing is asked of the cluster yet.
 */
export async function reachCluster(
  job: ReachJob,
  aws: Aws,
  cluster: ClusterDescriptor,
  options: ReachOptions = {},
): Promise<Kube> {
  const connection = { context: cluster.name, userAgent: job.userAgent, signal: job.signal }
  const present = await loadKubeconfig(job.env)
  if (present !== undefined && isKubeconfigOf(present, cluster.name, cluster.fullName))
    return connectKube(present, connection)
  if (cluster.provider !== 'kops') {
    throw new UserError(`KUBECONFIG has no context '${cluster.name}', and kops did not make that cluster`, {
      fix: 'Run create-cluster with `provider: existing` and its kubeconfig earlier in this job.',
      input: 'clusters',
    })
  }
  const wanted = { ...options, kopsVersion: options.kopsVersion ?? defaultKopsVersion }
  const kops = await connectKops(job, aws, kopsRequest(wanted))
  const minted = await exportKubeconfig(kops, cluster, options.lifetime ?? defaultLifetime, job)
  return connectKube(minted, connection)
}
