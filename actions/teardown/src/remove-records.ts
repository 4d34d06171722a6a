import { route53 } from '@meridian/aws'
import {
  applyGroup,
  planRemoval,
  type Replan,
  readGroup,
  retryReads,
  waitInSync,
  type Zone,
} from '@meridian/dns'
import type { Work } from './work.ts'

/** Half the usual time of a change; the load balancers take longer to go than the rest of it. */
const syncMilliseconds = 120_000

/**
 * Removes the latency groups of some names with their owner marks, first of all: from then on nobody is led to
 * what goes next. A failure ends the run, since records that lead nowhere can be taken over by others.
 */
export async function removeRecords(work: Work, zone: Zone, names: readonly string[]): Promise<void> {
  const { job, inputs, ledger } = work
  const client = retryReads(job, route53(work.aws, { maxAttempts: 1 }))
  const changes: string[] = []
  for (const fqdn of names) {
    const decide: Replan = async look => planRemoval(inputs.owner, await readGroup(client, zone, fqdn, look))
    const { changeId } = await applyGroup(job, client, zone, await decide(), decide)
    if (changeId !== undefined) changes.push(changeId)
    ledger.deleted({ type: 'records', id: fqdn })
    job.log.info(`The records of ${fqdn} are removed.`)
  }
  const last = changes.at(-1)
  if (last === undefined) return
  // Route 53 carries out the changes of a zone one after the other.
  const sync = await waitInSync(job, client, last, syncMilliseconds)
  if (!sync.inSync) job.log.warning(`Name servers may still answer with the removed records: ${sync.reason}`)
}
