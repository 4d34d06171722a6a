import type { Kube } from '@meridian/kube'
import { done, type Job, waitFor, waiting } from '@meridian/runner'
import { classifyControlPlane, observeControlPlane } from './detect-control-plane.ts'

/** Waits until every component of the control plane runs; answers with its version where its images tell it. */
export async function waitControlPlane(
  job: Pick<Job, 'signal' | 'deadline' | 'log'>,
  host: Kube,
): Promise<string | undefined> {
  return waitFor(job, {
    what: `the control plane in ${host.context}`,
    fix: `Look at its pods: kubectl --context=${host.context} get pods -n karmada-system. Then run this again.`,
    probe: async () => {
      const found = classifyControlPlane(await observeControlPlane(host))
      if (found.state === 'partial') return waiting(`missing ${found.missing.join(', ')}`)
      if (found.state !== 'whole') return waiting(found.state)
      return found.unready.length === 0
        ? done(found.version)
        : waiting(`starting ${found.unready.join(', ')}`)
    },
  })
}
