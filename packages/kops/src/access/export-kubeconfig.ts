import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClusterDescriptor } from '@meridian/identity'
import {
  contextParts,
  hasContext,
  type Kubeconfig,
  onlyContext,
  parseKubeconfig,
  renameContext,
} from '@meridian/kube'
import { type Job, limitTo, messageOf } from '@meridian/runner'
import { exportArguments, type KopsCluster } from '../commands/arguments.ts'
import type { Kops } from '../commands/connect.ts'
import { explainKops } from '../commands/failures.ts'

/** A process of kops takes 150 MB of memory, and a federation may have fifty clusters. */
const mostProcesses = 4
const inTurn = limitTo(mostProcesses)

/**
 * A kubeconfig of one context, named by the alias, with an administrator's certificate of the given lifetime
 * (milliseconds). kops makes it from the state bucket and does not ask the cluster. Its secrets are masked.
 */
export async function exportKubeconfig(
  kops: Kops,
  cluster: KopsCluster & { readonly name: string },
  lifetime: number,
  job: Pick<Job, 'scratch' | 'mask'>,
): Promise<Kubeconfig> {
  const file = join(await job.scratch(), `${cluster.fullName}.export`)
  try {
    await inTurn(() => kops.run(cluster.fullName, exportArguments(cluster, lifetime, file)))
    const exported = parseKubeconfig(await readFile(file, 'utf8'))
    const context = hasContext(exported, cluster.fullName) ? cluster.fullName : exported['current-context']
    const named = onlyContext(renameContext(exported, context, cluster.name), cluster.name)
    for (const { user } of named.users) maskUser(user, job)
    return named
  } catch (error) {
    throw explainKops(error)
  } finally {
    await rm(file, { force: true })
  }
}

function maskUser(user: Record<string, unknown>, job: Pick<Job, 'mask'>): void {
  for (const field of ['client-key-data', 'token', 'password']) {
    const value = user[field]
    if (typeof value === 'string' && value.length >= 8) job.mask(value)
  }
}

/**
 * Whether a context of a kubeconfig may stand for the cluster. kops marks its own by the API's internal name: a context that
 * bears the mark of another cluster is not this one, though it has the alias, nor is one without mark a cluster of kops'.
 */
export function isKubeconfigOf(
  config: Kubeconfig,
  context: string,
  { fullName, provider }: Pick<ClusterDescriptor, 'fullName' | 'provider'>,
): boolean {
  if (!hasContext(config, context)) return false
  try {
    const { cluster } = contextParts(config, context)
    const mark = cluster['tls-server-name']
    if (mark === `api.internal.${fullName}`) return true
    if (mark?.startsWith('api.internal.')) return false
    return provider === 'existing' || URL.parse(cluster.server)?.hostname === `api.${fullName}`
  } catch (error) {
    throw new Error(`the kubeconfig in KUBECONFIG is not whole: ${messageOf(error)}`)
  }
}
