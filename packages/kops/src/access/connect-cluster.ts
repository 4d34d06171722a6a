import type { Aws } from '@meridian/aws'
import type { ClusterDescriptor } from '@meridian/identity'
import { connectKube, type Kube, loadKubeconfig } from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import { openClusterStore } from '@meridian/state'
import { type KopsInputs, kopsRequest } from '@meridian/tools'
import { connectKops } from '../commands/connect.ts'
import { readConfig } from '../state/cluster-state.ts'
import type { SavedConfig } from '../state/observed-cluster.ts'
import { defaultKopsVersion } from '../state/versions.ts'
import { connectEks } from './connect-eks.ts'
import { reachKind } from './connect-kind.ts'
import { exportKubeconfig, isKubeconfigOf } from './export-kubeconfig.ts'

export type ReachOptions = Partial<KopsInputs> & {
  /** That the state store belongs to; the run's own unless told. */
  readonly stateStoreAccount?: string | undefined
  /** Of the administrator's certificate, milliseconds; four hours unless told. */
  readonly lifetime?: number | undefined
  /** Whether the store was read already, and says that the cluster is there: it is not read again. */
  readonly known?: boolean | undefined
}

type ReachJob = Pick<Job, 'env' | 'signal' | 'deadline' | 'log' | 'run' | 'scratch' | 'mask' | 'userAgent'>

const defaultLifetime = 4 * 3_600_000

/** A way into a cluster, and a question to it that some need first: whether it lets this run in. Throws a UserError if not. */
export type ConnectedCluster = { readonly kube: Kube; requireRights(): Promise<void> }

/** As `connectCluster`, of a cluster that lets this run in. */
export async function reachCluster(
  job: ReachJob,
  aws: Aws,
  cluster: ClusterDescriptor,
  options: ReachOptions = {},
): Promise<Kube> {
  const { kube, requireRights } = await connectCluster(job, aws, cluster, options)
  await requireRights()
  return kube
}

/**
 * Connects to a cluster: by the context of its alias in `$KUBECONFIG` (an earlier step of this job wrote it), or
 * else with a short-lived certificate that kops mints from the state bucket. Nothing is asked of the cluster yet. One of EKS is
 * reached by EKS's own word: see `connectEks`; one of kind by kind's: see `reachKind`.
 */
export async function connectCluster(
  job: ReachJob,
  aws: Aws,
  cluster: ClusterDescriptor,
  options: ReachOptions = {},
): Promise<ConnectedCluster> {
  if (cluster.provider === 'eks') return connectEks(job, aws, cluster)
  const kube =
    cluster.provider === 'kind'
      ? await reachKind(job, cluster)
      : await connectByContext(job, aws, cluster, options)
  return { kube, requireRights: async () => {} }
}

async function connectByContext(
  job: ReachJob,
  aws: Aws,
  cluster: ClusterDescriptor,
  options: ReachOptions,
): Promise<Kube> {
  const connection = { context: cluster.name, userAgent: job.userAgent, signal: job.signal, env: job.env }
  const present = await loadKubeconfig(job.env)
  if (present !== undefined && isKubeconfigOf(present, cluster.name, cluster))
    return connectKube(present, connection)
  if (cluster.provider !== 'kops') {
    throw new UserError(`KUBECONFIG has no context '${cluster.name}', and kops did not make that cluster`, {
      fix: 'Run create-cluster with `provider: existing` and its kubeconfig earlier in this job.',
      input: 'clusters',
    })
  }
  if (!options.known) await requireCluster(aws, cluster, options.stateStoreAccount)
  const wanted = { ...options, kopsVersion: options.kopsVersion ?? defaultKopsVersion }
  const kops = await connectKops(job, aws, kopsRequest(wanted))
  const minting = exportKubeconfig(kops, cluster, options.lifetime ?? defaultLifetime, job)
  const minted = await minting.catch(async error => {
    // A store that says that a cluster is there may have lost what kops knows of it.
    if (options.known) await requireCluster(aws, cluster, options.stateStoreAccount)
    throw error
  })
  return connectKube(minted, connection)
}

/**
 * Makes sure that kops knows the cluster, in a store of the expected account and in the stated region. Throws a UserError
 * if not: kops would take its keys from whoever has a bucket of that name.
 */
export async function requireCluster(
  aws: Aws,
  cluster: ClusterDescriptor,
  account: string | undefined,
): Promise<void> {
  const store = await openClusterStore(aws, cluster, account)
  const config = store && (await readConfig(store, cluster.fullName))
  if (config === undefined) {
    throw new UserError(`${cluster.fullName} is not in ${cluster.stateStore}`, {
      fix: 'Run create-cluster first. If it has another name or its state lies elsewhere, give fullName or stateStore with the cluster.',
      input: 'clusters',
    })
  }
  const problem = judgeRegion(cluster, config)
  if (problem !== undefined) throw problem
}

/** A wrong region, by the input that gave it, would make everything of the cluster look absent. Pure. */
export function judgeRegion(
  { fullName, region }: Pick<ClusterDescriptor, 'fullName' | 'region'>,
  { region: known }: Pick<SavedConfig, 'region'>,
  input = 'clusters',
): UserError | undefined {
  if (known === undefined || known === region) return undefined
  return new UserError(`${fullName} is in ${known}, not in ${region}`, {
    fix: `${adviseRegion(known, input)} Nothing has been changed.`,
    input,
  })
}

/** Zones say the region too, and would contradict one that is set beside them. */
function adviseRegion(region: string, input: string): string {
  if (input === 'zones') return `Leave zones out and set region to ${region}, or give zones of ${region}.`
  return input === 'region' ? `Set region to ${region}.` : `Set its region in clusters to ${region}.`
}
