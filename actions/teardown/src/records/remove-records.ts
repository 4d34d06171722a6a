import { route53 } from '@meridian/aws/clients'
import {
  type Applied,
  applyGroup,
  longestTtl,
  lookAndPlan,
  paceRequests,
  planRemoval,
  protectGroup,
  type Replan,
  type Route53,
  waitInSync,
  type Zone,
} from '@meridian/dns'
import { formatDuration, pause } from '@meridian/runner'
import { drainedRegions, type FoundRecords } from '../survey/records.ts'
import type { Work } from '../work.ts'

/** Half the usual time of a change; the load balancers take longer to go than the rest of it. */
const syncMilliseconds = 120_000
/**
 * Takes regions out of the latency groups, and the groups away with their last one, first of all: from then on nobody is
 * led to what goes next. A failure ends the run, since records that lead nowhere can be taken over by others. Where
 * other regions go on serving a name, it waits until no resolver may answer with the ones that are gone.
 */
export async function removeRecords(work: Work, zone: Zone, records: readonly FoundRecords[]): Promise<void> {
  const { job } = work
  const client = paceRequests(job, route53(work.aws, { maxAttempts: 1 }))
  const changes: string[] = []
  let drainSeconds = 0
  for (const found of records) {
    const { changeId, plan } = await removeOne(work, client, zone, found)
    if (changeId !== undefined) changes.push(changeId)
    if (!found.whole) drainSeconds = Math.max(drainSeconds, rememberedSeconds(plan))
  }
  const last = changes.at(-1)
  if (last === undefined) return
  // Route 53 carries out the changes of a zone one after the other.
  const sync = await waitInSync(job, client, last, syncMilliseconds)
  if (!sync.inSync) job.log.warning(`Name servers may still answer with the removed records: ${sync.reason}`)
  await drain(work, drainSeconds)
}

async function removeOne(work: Work, client: Route53, zone: Zone, found: FoundRecords): Promise<Applied> {
  const { job, identity, ledger, inputs } = work
  const { fqdn } = found
  const named = inputs.recordNames !== undefined
  // What was added to it meanwhile goes in the regions that go, and stays in all others.
  const drained = drainedRegions(inputs)
  const options = drained === undefined ? { named } : { named, regions: [...drained] }
  const decide: Replan = look =>
    lookAndPlan(client, zone, fqdn, observed => planRemoval(identity, observed, options), look)
  const applied = await applyGroup(job, client, zone, await decide(), decide)
  if (applied.plan.kind === 'change' && applied.plan.protect.length > 0)
    await protectGroup(job, client, zone, decide)
  const { regions } = found
  const whole = !applied.plan.rows.some(({ record, action }) => record === 'latency' && action === 'keep')
  if (found.whole && !whole) ledger.forget({ type: 'records', id: fqdn })
  if (whole) ledger.deleted({ type: 'records', id: fqdn })
  else for (const region of regions) ledger.deleted({ type: 'record', id: fqdn, region })
  const what = whole
    ? `The records of ${fqdn} are removed`
    : `${fqdn} does not lead to ${regions.join(', ')} any more`
  job.log.info(`${what}.`)
  return applied
}

/** How long resolvers may remember the records that a plan takes away. Pure. */
function rememberedSeconds({ rows }: Applied['plan']): number {
  const gone = rows.filter(({ action, record }) => action === 'delete' && record === 'latency')
  return longestTtl(gone.flatMap(({ before }) => before ?? []))
}

/** Resolvers may answer with what they know as long as its TTL. */
async function drain({ job, inputs }: Work, seconds: number): Promise<void> {
  const others = [...inputs.scope].some(scope => scope !== 'dns')
  const milliseconds = inputs.drainTime ?? seconds * 1000
  if (seconds === 0 || milliseconds === 0 || !others) return
  job.log.info(`Waiting ${formatDuration(milliseconds)}: so long may resolvers lead to the regions that go.`)
  await pause(milliseconds, job.signal)
}
