import type { Job } from '@meridian/runner'
import { defaultKubernetesVersion } from '../state/versions.ts'
import type { ClusterSpec } from './arguments.ts'
import { printCluster, replaceCluster } from './commands.ts'
import type { Kops } from './connect.ts'

/**
 * Saves the spec of a cluster whose state was lost while its cloud resources live, so that `deleteCluster` can find
 * them: kops looks for them by tag, and takes from the spec only the region (by `zone`) and the kind of DNS.
 * Nothing is built from it.
 */
export async function restoreCluster(
  kops: Kops,
  cluster: Pick<ClusterSpec, 'fullName' | 'stateStore' | 'dnsZone' | 'labels'> & { readonly zone: string },
  job: Pick<Job, 'scratch'>,
): Promise<void> {
  const machines = { count: 1, size: 't3.medium' }
  const spec: ClusterSpec = {
    ...cluster,
    zones: [cluster.zone],
    kubernetesVersion: defaultKubernetesVersion,
    controlPlane: machines,
    nodes: machines,
    networking: 'cilium',
    topology: 'public',
    sshAccess: [],
    // Nothing is built from it, so nothing need be looked up or downloaded for it.
    channel: 'none',
    image: 'ami-0',
  }
  await replaceCluster(kops, spec, await printCluster(kops, spec, job), job)
}
