import { type Kube, mergeKubeconfigs, shareKubeconfig } from '@meridian/kube'
import type { Job } from '@meridian/runner'

/**
 * Adds each member under its alias, and the federation, which becomes current, to the kubeconfig of later steps. Answers with
 * its path; the file goes with the job.
 */
export async function exportKubeconfig(
  job: Pick<Job, 'env' | 'sharedScratch' | 'exportVariable'>,
  members: readonly Kube[],
  federation: Kube,
): Promise<string> {
  const added = [...members, federation].map(kube => kube.kubeconfig)
  return shareKubeconfig(job, added.reduce(mergeKubeconfigs))
}
