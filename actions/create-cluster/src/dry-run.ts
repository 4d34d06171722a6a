import type { S3Client } from '@aws-sdk/client-s3'
import {
  type ClusterSpec,
  findStateBucket,
  type Kops,
  observeCluster,
  planCluster,
  printCluster,
} from '@meridian/kops'
import type { Job } from '@meridian/runner'
import type { Cost } from './cost.ts'
import type { Inputs } from './inputs.ts'
import { describeCost, renderDryRun } from './summary.ts'

const words = {
  create: 'would be created',
  update: 'is there: it would be brought up to date and validated',
  recreate: 'is there in part: it would be started over',
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
  const observed = bucket && (await observeCluster(tools.s3, inputs.bucket, spec.fullName))
  const plan = observed === undefined ? { kind: 'create' as const } : planCluster(observed)
  const cluster = plan.kind === 'refuse' ? plan.reason : words[plan.kind]
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
