import { printCluster } from '@meridian/kops'
import { machineryOf } from './cost/count-machines.ts'
import { type Cost, estimateCost } from './cost/estimate-cost.ts'
import { specifyCluster } from './plan/cluster-spec.ts'
import { describePlan } from './plan/describe-plan.ts'
import { grant, type Undertaking } from './plan/granted-plan.ts'
import { isNew } from './plan/plan.ts'
import { lookAndPlan } from './plan/read-and-plan.ts'
import { describeCost, renderDryRun } from './summary.ts'

/**
 * Says what a run would do, by kops' own dry run where it would build something, and writes nothing. Throws where the run
 * would be refused.
 */
export async function dryRun(task: Undertaking): Promise<void> {
  const { inputs, mark, aws, kops, job } = task
  const { fullName, region, stateStore } = inputs.cluster
  const { plan, sight } = await lookAndPlan(task)
  const cluster = describePlan(plan)
  const spec = isNew(plan) ? await specifyCluster(inputs, mark, job, aws) : undefined
  const made = spec ?? sight.saved
  const cost: Cost | undefined = made && estimateCost(machineryOf(made, region))
  const objects = spec === undefined ? '' : await printCluster(kops, spec, job)
  const makes = plan.kind === 'create' && plan.makeBucket
  const store = sight.bucket ? 'is there' : makes ? 'would be created' : 'is not there'
  job.output('hourly-cost', cost?.usd ?? '')
  job.log.info(`State store ${stateStore} ${store}.`)
  job.log.info(`Cluster ${fullName} ${cluster}.`)
  job.log.info(`Cost: ${describeCost(cost)}.`)
  if (objects !== '') {
    await job.log.group('What kops would save', async () => job.log.info(objects))
  }
  job.output('created', false)
  if (inputs.upgrade) job.output('replaces', plan.kind === 'update' ? (plan.upgrade?.replaces ?? []) : [])
  job.summary(renderDryRun(inputs, { store, cluster, cost, objects }))
  grant(plan, inputs)
}
