import type { S3Client } from '@aws-sdk/client-s3'
import {
  type ClusterSpec,
  createCluster,
  deleteCluster,
  type Kops,
  observeCluster,
  planCluster,
  updateCluster,
} from '@meridian/kops'
import { type Job, UserError } from '@meridian/runner'
import type { Inputs } from './inputs.ts'
import { teardownAdvice } from './leave-word.ts'

/** Creates the cluster, or finishes and updates the one that is there. True if it was created. */
export async function bringUp(
  inputs: Inputs,
  spec: ClusterSpec,
  s3: S3Client,
  kops: Kops,
  job: Job,
): Promise<boolean> {
  const plan = planCluster(await observeCluster(s3, inputs.bucket, spec.fullName))
  if (plan.kind === 'refuse') {
    throw new UserError(`${spec.fullName}: ${plan.reason}`, { fix: teardownAdvice(inputs) })
  }
  job.exists(`cluster ${spec.fullName} in ${inputs.cluster.region}`)
  if (plan.kind === 'update') {
    await job.log.group(`kops update cluster ${spec.fullName}: it is there already`, () =>
      updateCluster(kops, spec, inputs.adminLifetime, job),
    )
    return false
  }
  if (plan.kind === 'recreate') {
    job.log.info(`An earlier run saved ${spec.fullName} only in part and built nothing of it: starting over.`)
    await deleteCluster(kops, spec, job, { wait: inputs.timeout, onBlocked: job.log.info })
  }
  await job.log.group(`kops create cluster ${spec.fullName}`, () =>
    createCluster(kops, spec, inputs.adminLifetime, job),
  )
  return true
}
