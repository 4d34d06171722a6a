import type { S3Client } from '@aws-sdk/client-s3'
import {
  type ClusterPlan,
  type ClusterSpec,
  describeDifference,
  type Kops,
  printCluster,
} from '@meridian/kops'
import type { Job } from '@meridian/runner'
import { findStateBucket } from '@meridian/state'
import { planFor } from './bring-up.ts'
import type { Cost } from './cost.ts'
import type { Inputs } from './inputs.ts'
import { describeCost, renderDryRun } from './summary.ts'

function describePlan(plan: ClusterPlan): string {
  switch (plan.kind) {
    case 'create':
      return 'would be created'
    case 'recreate':
      return 'is there in part: it would be started over'
    case 'refuse':
      return `would be refused: ${plan.reason}`
    case 'update': {
      const changes = plan.differences.map(
        difference =>
          `${describeDifference(difference)}${difference.remedy === 'apply' ? ' (would be changed)' : ' (would stay)'}`,
      )
      return `is there: it would be brought up to date and validated${changes.length > 0 ? `; ${changes.join('; ')}` : ''}`
    }
  }
}

/** Says what a run would make, by kops' own dry run, and makes nothing: not even the bucket. */
export async function dryRun(
  inputs: Inputs,
  spec: ClusterSpec,
  cost: Cost | undefined,
  tools: { s3: S3Client; kops: Kops },
  job: Job,
): Promise<void> {
  const bucket = await findStateBucket(tools.s3, inputs.bucket)
  const plan: ClusterPlan = bucket === undefined ? { kind: 'create' } : await planFor(inputs, spec, tools)
  const cluster = describePlan(plan)
  const objects =
    plan.kind === 'create' || plan.kind === 'recreate' ? await printCluster(tools.kops, spec, job) : ''
  const report = { bucket: bucket === undefined ? 'would be created' : 'is there', cluster, cost, objects }
  job.log.info(`Bucket ${inputs.bucket} ${report.bucket}.`)
  job.log.info(`Cluster ${spec.fullName} ${cluster}.`)
  job.log.info(`Cost: ${describeCost(cost)}.`)
  if (objects !== '') {
    await job.log.group('What kops would save', async () => job.log.info(objects))
  }
  job.output('created', false)
  job.summary(renderDryRun(inputs, report))
}
