import type { Kube } from '@meridian/kube'
import { done, type Job, waitFor, waiting } from '@meridian/runner'
import type { Tool } from '@meridian/tools'
import { detectControlPlane } from './control-plane.ts'
import { deinitArguments } from './init-arguments.ts'
import { waitNamespaceGone } from './install-control-plane.ts'
import { lbService, systemNamespace } from './names.ts'
import { runKarmadactl, writeHostKubeconfig } from './run-karmadactl.ts'

type RemoveJob = Pick<Job, 'env' | 'signal' | 'log' | 'scratch' | 'deadline'>

/**
 * Removes the control plane from its host: first the load balancer of its API, then all of it, volume included.
 * `findTool` is called only if there is something to remove. False when there was nothing; a control plane that
 * was installed by other means is left alone, with a warning.
 */
export async function removeControlPlane(
  job: RemoveJob,
  host: Kube,
  findTool: () => Promise<Tool>,
): Promise<boolean> {
  const found = await detectControlPlane(host)
  if (found.state === 'foreign') {
    job.log.warning(`The control plane in ${host.context} stays: ${found.reason}.`)
    return false
  }
  const namespace = await host.get({ apiVersion: 'v1', kind: 'Namespace', name: systemNamespace })
  if (namespace === undefined) return false
  await removeApiService(job, host)
  if (namespace.metadata.deletionTimestamp === undefined) {
    const kubeconfig = await writeHostKubeconfig(job, host)
    await runKarmadactl(job, await findTool(), deinitArguments({ kubeconfig, context: host.context }))
  }
  await waitNamespaceGone(job, host)
  return true
}

/** A Service keeps its finalizer until the cloud has removed its load balancer: gone means that it is gone too. */
async function removeApiService(job: RemoveJob, host: Kube): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'Service', namespace: systemNamespace, name: lbService }
  if (!(await host.remove(ref))) return
  await waitFor(job, {
    what: `removal of the load balancer of the federation's API in ${host.context}`,
    fix: `Look at its events: kubectl --context=${host.context} describe svc ${lbService} -n ${systemNamespace}. Then run this again.`,
    probe: async () => ((await host.get(ref)) === undefined ? done(undefined) : waiting('it is still there')),
  })
}
