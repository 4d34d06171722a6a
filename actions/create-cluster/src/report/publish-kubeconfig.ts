import { type Kubeconfig, shareKubeconfig } from '@meridian/kube'
import type { Job } from '@meridian/runner'

/** Makes later steps reach the cluster by its context, beside those of other steps. The file goes when the job ends. */
export async function publishKubeconfig(kubeconfig: Kubeconfig, job: Job): Promise<string> {
  const file = await shareKubeconfig(job, kubeconfig)
  job.output('kubeconfig', file)
  return file
}
