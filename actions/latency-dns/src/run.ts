import { findRegion, regions, type SignIn, signInOnce } from '@meridian/aws'
import { route53 } from '@meridian/aws/clients'
import {
  applyGroup,
  approvePlan,
  buildRecords,
  displayName,
  findZone,
  fromRecordSet,
  type LatencyRecord,
  lookAndPlan,
  type ObservedGroup,
  type Plan,
  paceRequests,
  planGroup,
  planOutage,
  planRemoval,
  planReservation,
  protectGroup,
  type Replan,
  readOwnerMark,
  type Zone,
} from '@meridian/dns'
import { describeIdentity, type Identity, identityOf, pullRequestOf } from '@meridian/identity'
import { type Job, typedInputs, UserError } from '@meridian/runner'
import { countRequests } from './change/count-requests.ts'
import { drain } from './change/drain.ts'
import { settle } from './change/wait-in-sync.ts'
import { urlOf } from './inputs/parse-endpoints.ts'
import { type Inputs, isBuilt } from './inputs.ts'
import { nameServersOf } from './name-servers.ts'
import { orderClusters } from './order-clusters.ts'
import { checkPages } from './pages/check-pages.ts'
import { describePlan, planOutput, recordsOutput } from './plan-output.ts'
import { renderOut, renderPlan } from './summary.ts'
import { verify } from './verify.ts'

/** One latency group: read, plan, one change, wait until it is known, ask every city. */
export async function run(inputs: Inputs, job: Job, signIn: SignIn = signInOnce(job, inputs)): Promise<void> {
  const { fqdn } = inputs
  job.output('fqdn', fqdn)
  job.output('url', urlOf(fqdn, inputs.endpoints))
  const aws = await signIn()
  const client = paceRequests(job, route53(aws, { maxAttempts: 1 }))
  const requests = countRequests(client)
  const [zone, account] = await Promise.all([findZone(client, inputs, inputs.zoneId), aws.account()])
  const identity = { ...identityOf(inputs, job.run), account }
  job.output('zone-id', zone.id)
  job.log.info(
    `${displayName(fqdn)} in hosted zone ${zone.name} (${zone.id}), for ${describeIdentity(identity)}:`,
  )
  if (zone.privateTwins.length > 0) {
    job.log.info(
      `${zone.name} is also a private zone (${zone.privateTwins.join(', ')}), which is left alone.`,
    )
  }
  tellRecovery(job, zone)
  const records = isBuilt(inputs)
    ? buildRecords(inputs.endpoints, { ...inputs, apex: fqdn === zone.name }, regions)
    : []
  const plans = planner(inputs, job, identity, records)
  const decide: Replan = async look => {
    const protects = inputs.protect || inputs.mode === 'reserve'
    const plan = await lookAndPlan(client, zone, fqdn, plans, protects ? 'needed' : look)
    return approvePlan(plan, inputs.approvedPlan)
  }

  const plan = await decide()
  publishPlan(job, inputs, identity, plan)
  if (plan.kind === 'refuse') throw new UserError(plan.message, { fix: plan.fix })
  if (inputs.mode === 'plan' || inputs.mode === 'look' || inputs.dryRun) return tellPlanned(job, inputs, plan)
  job.advice(`To remove ${fqdn}, run latency-dns with ${removalInputs(inputs)}.`)
  const applied = await applyGroup(job, client, zone, plan, decide)
  job.output('changed', applied.changed)
  job.output('change-id', applied.changeId ?? '')
  job.output('records', recordsOutput(applied.plan, 'after'))
  const standing = applied.plan.rows.flatMap(({ record, after }) =>
    record === 'latency' && after ? [fromRecordSet(after)] : [],
  )
  const out = outOf(applied.plan)
  tellOut(job, inputs, out)
  if (inputs.mode !== 'destroy')
    job.exists(
      `the ${inputs.mode === 'reserve' ? 'reservation' : 'latency records'} of ${fqdn} in hosted zone ${zone.name} (${zone.id})`,
    )
  if (!applied.changed) {
    job.log.info(`Nothing to do: ${fqdn} is as wanted (${requests.reads} reads, ${requests.writes} writes).`)
  }
  job.summary(renderOut(regionPlace, out))
  // What protected a group is lifted to drain it, and made anew around the rest.
  const unprotected = applied.plan.kind === 'change' && applied.plan.protect.length > 0
  if (isBuilt(inputs) ? inputs.protect && applied.changed : unprotected)
    await protectGroup(job, client, zone, decide)
  const servers = nameServersOf(job, client, inputs, zone)
  const known = await settle(job, client, inputs, { zone, servers }, applied, decide)
  const since = Date.now()
  const asks = isBuilt(inputs) || inputs.mode === 'take-out'
  const cities = asks ? await verify(job, client, inputs, { zone, servers, records: standing, known }) : []
  await drain(job, inputs, { since, plan: applied.plan, known, cities })
  if (isBuilt(inputs))
    await checkPages(job, inputs, {
      standing: standing.map(({ region }) => region),
      changed: applied.changed,
    })
}

/** Whether the zone's records can be changed while Route 53's control plane in us-east-1 is impaired. */
function tellRecovery(job: Job, { name, acceleratedRecovery: status = 'DISABLED' }: Zone): void {
  job.output('accelerated-recovery', status)
  const means =
    status === 'ENABLED'
      ? 'while us-east-1 is impaired, its records can be changed again within about an hour.'
      : 'while us-east-1 is impaired, its records cannot be changed, and no region taken out. UpdateHostedZoneFeatures turns it on.'
  job.log.info(`Accelerated recovery of ${name} is ${status}: ${means}`)
}

function tellPlanned(job: Job, inputs: Inputs, plan: Plan): void {
  const out = outOf(plan)
  job.output('changed', false)
  job.output('records', recordsOutput(plan, 'before'))
  tellOut(job, inputs, out)
  refuseByHand(inputs, notesOf(plan))
  const clusters = inputs.clusters?.filter(
    ({ provider = 'kops' }) => provider === 'kops' || provider === 'eks',
  )
  if (clusters) job.output('order', orderClusters(clusters, { ...inputs, out }))
  job.log.info('Only planned: nothing was changed.')
}

/** What is to be done about any state of the name, at whatever moment of the run it is seen. */
function planner(
  inputs: Inputs,
  job: Job,
  identity: Identity,
  records: readonly LatencyRecord[],
): (observed: ObservedGroup) => Plan {
  const { lifetime } = inputs
  const desired = {
    ...inputs,
    identity,
    records,
    pullRequest: pullRequestOf(inputs, job),
    ...(lifetime !== undefined && { life: { lifetime, now: new Date() } }),
  }
  const { mode, regions: named = [], minRegions, maxOut, upgrade } = inputs
  return observed => {
    if (mode === 'destroy') return planRemoval(identity, observed, inputs)
    if (mode === 'reserve') return planReservation(identity, observed, desired)
    if (mode === 'look')
      return planOutage(identity, observed, { mode: 'bring-back', regions: [], minRegions })
    if (mode === 'take-out' || (mode === 'bring-back' && records.length === 0))
      return planOutage(identity, observed, { mode, regions: named, minRegions, maxOut, upgrade })
    return planGroup(mode === 'bring-back' ? { ...desired, back: named } : desired, observed)
  }
}

/** A region that somebody has taken out stays out in every later run, which says so. */
function tellOut(job: Job, inputs: Inputs, out: readonly string[]): void {
  job.output('out', out)
  if (out.length === 0) return
  const { domain, environment, record, owner, repository, zoneId } = inputs
  const place = { domain, environment, record, owner, repository, 'zone-id': zoneId }
  const back = typedInputs({ mode: 'bring-back', regions: out.join(','), ...place })
  job.log.warning(
    `Taken out of ${inputs.fqdn}: ${out.join(', ')}. To bring back, run latency-dns with ${back}.`,
  )
}

/** What the mark of a plan notes, once it is carried out. */
function notesOf({ rows }: Plan): ReturnType<typeof readOwnerMark> {
  return readOwnerMark(rows.flatMap(({ record, after }) => (record === 'owner' && after ? [after] : [])))
}

const outOf = (plan: Plan): readonly string[] => notesOf(plan).out

/** Before an upgrade: it takes out one region at a time, and brings back only what it has taken out. */
function refuseByHand(
  { fqdn, upgrade, dryRun }: Inputs,
  { out, upgrading = [] }: ReturnType<typeof readOwnerMark>,
): void {
  const byHand = out.filter(region => !upgrading.includes(region))
  if (!upgrade || dryRun || byHand.length === 0) return
  throw new UserError(`${byHand.join(', ')} is out of ${fqdn} because somebody has taken it out`, {
    fix: 'An upgrade takes other regions out, one at a time, and would be the second. Bring it back first, with take-region-out.yml or latency-dns in mode bring-back. Nothing has been changed.',
  })
}

/** The inputs by which another run takes away what this one makes, as they are typed. */
function removalInputs(inputs: Inputs): string {
  const { domain, environment, record, owner, repository, zoneId } = inputs
  return typedInputs({ mode: 'destroy', domain, environment, record, owner, repository, 'zone-id': zoneId })
}

function publishPlan(job: Job, inputs: Inputs, identity: Identity, plan: Plan): void {
  job.output('plan', planOutput(plan))
  for (const line of describePlan(plan)) job.log.info(line)
  job.summary(renderPlan({ ...inputs, who: describeIdentity(identity) }, plan, regionPlace))
  if (plan.kind === 'change' && plan.drifted)
    job.log.warning(`Somebody else changed the records of ${inputs.fqdn} since they were last written.`)
}

function regionPlace(region: string): string {
  return findRegion(region)?.place ?? ''
}
