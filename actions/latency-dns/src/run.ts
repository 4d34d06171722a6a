import { connectAws, findRegion, regions, route53 } from '@meridian/aws'
import {
  applyGroup,
  approvePlan,
  buildRecords,
  displayName,
  findZone,
  type Plan,
  planGroup,
  planRemoval,
  protectGroup,
  type Replan,
  readGroup,
  retryReads,
} from '@meridian/dns'
import { type Job, UserError } from '@meridian/runner'
import { countRequests } from './count-requests.ts'
import type { Inputs } from './inputs.ts'
import { describePlan, planOutput, recordsOutput } from './plan-output.ts'
import { settle } from './settle.ts'
import { renderPlan, renderRecords } from './summary.ts'
import { verify } from './verify.ts'

/** One latency group: read, plan, one change, wait until it is known, ask every city. */
export async function run(inputs: Inputs, job: Job): Promise<void> {
  const { fqdn } = inputs
  job.output('fqdn', fqdn)
  job.output('url', `http://${fqdn}`)
  const client = retryReads(job, route53(await connectAws(job, inputs), { maxAttempts: 1 }))
  const requests = countRequests(client)
  const zone = await findZone(client, inputs, inputs.zoneId)
  job.output('zone-id', zone.id)
  job.log.info(`${displayName(fqdn)} in hosted zone ${zone.name} (${zone.id}), for '${inputs.owner}':`)
  if (zone.privateTwins.length > 0) {
    job.log.info(
      `${zone.name} is also a private zone (${zone.privateTwins.join(', ')}), which is left alone.`,
    )
  }
  const records =
    inputs.mode === 'destroy'
      ? []
      : buildRecords(inputs.endpoints, { ...inputs, apex: fqdn === zone.name }, regions)
  const decide: Replan = async look => {
    const observed = await readGroup(client, zone, fqdn, inputs.protect ? 'needed' : look)
    const plan =
      inputs.mode === 'destroy'
        ? planRemoval(inputs.owner, observed)
        : planGroup({ ...inputs, records }, observed)
    return approvePlan(plan, inputs.approvedPlan)
  }

  const plan = await decide()
  publishPlan(job, inputs, plan)
  if (plan.kind === 'refuse') throw new UserError(plan.message, { fix: plan.fix })
  if (inputs.mode === 'plan' || inputs.dryRun) {
    job.output('changed', false)
    job.output('records', recordsOutput(plan, 'before'))
    job.log.info('Only planned: nothing was changed.')
    return
  }
  job.advice(
    `To remove ${fqdn}, run teardown with scope: dns, or latency-dns with mode: destroy and the same record, domain and environment.`,
  )
  const applied = await applyGroup(job, client, zone, plan, decide)
  job.output('changed', applied.changed)
  job.output('change-id', applied.changeId ?? '')
  job.output('records', recordsOutput(applied.plan, 'after'))
  if (inputs.mode !== 'destroy')
    job.exists(`the latency records of ${fqdn} in hosted zone ${zone.name} (${zone.id})`)
  if (!applied.changed) {
    job.log.info(`Nothing to do: ${fqdn} is as wanted (${requests.reads} reads, ${requests.writes} writes).`)
  }
  job.summary(renderRecords(applied.plan, regionPlace))
  if (inputs.protect && inputs.mode === 'apply' && applied.changed)
    await protectGroup(job, client, zone, decide)
  const known = await settle(job, client, inputs, applied)
  if (inputs.mode === 'apply') await verify(job, client, inputs, { zone, records, known })
}

function publishPlan(job: Job, inputs: Inputs, plan: Plan): void {
  job.output('plan', planOutput(plan))
  for (const line of describePlan(plan)) job.log.info(line)
  job.summary(renderPlan(inputs, plan))
  if (plan.kind === 'change' && plan.drifted)
    job.log.warning(`Somebody else changed the records of ${inputs.fqdn} since they were last written.`)
}

function regionPlace(region: string): string {
  return findRegion(region)?.place ?? ''
}
