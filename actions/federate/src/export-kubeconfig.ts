import { join } from 'node:path'
import { type Kube, type Kubeconfig, loadKubeconfig, mergeKubeconfigs, writeKubeconfig } from '@meridian/kube'
import type { Job } from '@meridian/runner'

/**
 * Writes one kubeconfig for later steps: what `KUBECONFIG` had, each member under its alias, and the federation,
 * which becomes current. Answers with its path; the file goes with the job.
 */
export async function exportKubeconfig(
  job: Pick<Job, 'env' | 'scratch' | 'exportVariable'>,
  members: readonly Kube[],
  federation: Kube,
): Promise<string> {
  const before = await loadKubeconfig(job.env)
  const added = [...members, federation].map(kube => kube.kubeconfig)
  const merged = added.reduce<Kubeconfig | undefined>(
    (base, config) => (base === undefined ? config : mergeKubeconfigs(base, config)),
    before,
  )
  const path = join(await job.scratch(), 'kubeconfig')
  await writeKubeconfig(path, merged ?? federation.kubeconfig)
  job.exportVariable('KUBECONFIG', path)
  return path
}
