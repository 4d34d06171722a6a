import { type Applied, type Route53, waitInSync } from '@meridian/dns'
import type { Job } from '@meridian/runner'
import type { Inputs } from './inputs.ts'

/**
 * Waits until what was changed has reached every name server. Returns whether it is known to have: a wait that ran
 * out is a warning, since the change stands and spreads by itself.
 */
export async function settle(job: Job, client: Route53, inputs: Inputs, applied: Applied): Promise<boolean> {
  if (!applied.changed) return true
  if (applied.changeId === undefined) {
    job.log.info(
      'The change was found by reading back; its id was lost with the answer, so it is not waited for.',
    )
    return false
  }
  if (!inputs.wait) return false
  const sync = await waitInSync(job, client, applied.changeId, inputs.waitTimeout)
  if (sync.inSync) {
    job.log.info(`All name servers know change ${applied.changeId} after ${sync.seconds} s.`)
    return true
  }
  job.log.warning(`The change is made, but not known to be on all name servers yet: ${sync.reason}`)
  return false
}
