import {
  type Applied,
  applyGroup,
  askWhetherKnown,
  isSameChange,
  type Replan,
  type Route53,
  waitInSync,
  type Zone,
} from '@meridian/dns'
import type { Job } from '@meridian/runner'
import type { Inputs } from '../inputs.ts'
import type { FindServers } from '../name-servers.ts'

/**
 * Do the name servers know what is to be there? `unwatched` where nothing was sent, or the id of what was sent was
 * lost: another run may have made the same change a moment ago.
 */
export type Known = 'yes' | 'no' | 'unwatched'

/** A change that was accepted can be lost once; twice is a fault. */
const mostChanges = 2

/**
 * Waits until what was changed has reached every name server. A wait that ran out is a warning, since the change stands
 * and spreads by itself. Only where the name is again as it was before, the change was lost (in a failover of the
 * zone's accelerated recovery), and is sent once more.
 */
export async function settle(
  job: Job,
  client: Route53,
  inputs: Inputs,
  { zone, servers }: { zone: Zone; servers: FindServers },
  applied: Applied,
  decide: Replan,
): Promise<Known> {
  if (!applied.changed) return 'unwatched'
  if (applied.changeId === undefined) {
    job.log.info(
      'The change was found by reading back; its id was lost with the answer, so it is not waited for.',
    )
    return 'unwatched'
  }
  if (!inputs.wait) return 'no'
  let sent = applied
  for (let count = 1; sent.changeId !== undefined; count += 1) {
    // One that can be lost is asked after at once.
    const losable = zone.acceleratedRecovery === 'ENABLED'
    const isKnown = losable ? undefined : askWhetherKnown(job.signal, inputs.fqdn, sent.plan, await servers())
    const sync = await waitInSync(job, client, sent.changeId, inputs.waitTimeout, isKnown)
    if (sync.inSync) {
      job.log.info(`All name servers know change ${sent.changeId} after ${sync.seconds} s.`)
      job.output('change-id', sent.changeId)
      return 'yes'
    }
    const now = await decide()
    const lost = isSameChange(sent.plan, now)
    if (!lost || count === mostChanges) {
      const state = lost
        ? 'The change is lost'
        : 'The change is made, but not known to be on all name servers yet'
      job.log.warning(`${state}: ${sync.reason}`)
      return 'no'
    }
    job.log.warning(
      `Change ${sent.changeId} was accepted and is lost, as in a failover of Route 53's control plane (${sync.reason}); it is sent again.`,
    )
    sent = await applyGroup(job, client, zone, now, decide)
  }
  return 'unwatched'
}
