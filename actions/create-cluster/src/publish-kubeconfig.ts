import { join } from 'node:path'
import { type Kubeconfig, loadKubeconfig, mergeKubeconfigs, writeKubeconfig } from '@meridian/kube'
import type { Job } from '@meridian/runner'

/**
 * Writes the cluster's context, merged with those that `$KUBECONFIG` has already, into a private file of this job
 * and makes later steps use it. The file goes when the job ends.
 */
export async function publishKubeconfig(kubeconfig: Kubeconfig, job: Job): Promise<string> {
  const earlier = await loadKubeconfig(job.env)
  const merged = earlier === undefined ? kubeconfig : mergeKubeconfigs(earlier, kubeconfig)
  const file = join(await job.scratch(), 'kubeconfig')
  await writeKubeconfig(file, merged)
  job.exportVariable('KUBECONFIG', file)
  job.output('kubeconfig', file)
  return file
}
