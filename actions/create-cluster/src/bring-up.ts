import type { S3Client } from '@aws-sdk/client-s3'
import {
  type ClusterPlan,
  type ClusterSpec,
  createCluster,
  deleteCluster,
  describeDifference,
  editCluster,
  isReadable,
  type Kops,
  leaseKops,
  observeCluster,
  planCluster,
  readSavedCluster,
  updateCluster,
} from '@meridian/kops'
import { type Job, UserError } from '@meridian/runner'
import { acquireLease, ensureStateBucket, type Lease, renewCertificate } from '@meridian/state'
import type { Inputs } from './inputs.ts'
import { teardownAdvice } from './leave-word.ts'

/** `expiresAt` is the certificate's, '' if it does not expire. */
export type BroughtUp = {
  readonly created: boolean
  readonly expiresAt: string
  readonly changes: readonly string[]
}

type Tools = { readonly s3: S3Client; readonly kops: Kops }

/**
 * Creates the cluster, or finishes and updates the one that is there: the state bucket first, then the lease on the
 * cluster, so that no other run changes it meanwhile, then kops.
 */
export async function bringUp(
  inputs: Inputs,
  spec: ClusterSpec,
  birth: Readonly<Record<string, string>>,
  { s3, kops }: Tools,
  job: Job,
): Promise<BroughtUp> {
  const request = { name: inputs.bucket, region: inputs.cluster.region, tags: birth, job }
  const { bucket, lease } = await takeBucket(s3, request, spec.fullName, job)
  await using _ = lease
  const plan = await planFor(inputs, spec, { s3, kops })
  if (plan.kind === 'refuse') {
    throw new UserError(`${spec.fullName}: ${plan.reason}`, { fix: plan.fix ?? teardownAdvice(inputs) })
  }
  const anew = plan.kind !== 'update' && bucket.state === 'present'
  const tags = anew ? await renewCertificate(s3, request, bucket.tags) : bucket.tags
  job.output('expires-at', tags['meridian:expires-at'] ?? '')
  job.exists(`cluster ${spec.fullName} in ${inputs.cluster.region}`)
  await carryOut(plan, inputs, spec, leaseKops(kops, lease), job)
  return {
    created: plan.kind !== 'update',
    expiresAt: tags['meridian:expires-at'] ?? '',
    changes: plan.kind === 'update' ? plan.differences.map(describeDifference) : [],
  }
}

/** The bucket, and the lease in it. While it waits for a teardown, that may take the bucket away. */
async function takeBucket(
  s3: S3Client,
  request: Parameters<typeof ensureStateBucket>[1],
  fullName: string,
  job: Job,
): Promise<{ bucket: Awaited<ReturnType<typeof ensureStateBucket>>; lease: Lease }> {
  for (;;) {
    const bucket = await ensureStateBucket(s3, request)
    job.exists(`state bucket ${request.name}`)
    const wait = Math.max(0, job.deadline - Date.now())
    const lease = await acquireLease(s3, { bucket: request.name, fullName, job, wait })
    if (lease !== undefined) return { bucket, lease }
  }
}

/** What is to be done; reads only. */
export async function planFor(inputs: Inputs, spec: ClusterSpec, { s3, kops }: Tools): Promise<ClusterPlan> {
  const observed = await observeCluster(s3, inputs.bucket, spec.fullName)
  const saved = isReadable(observed, kops.version) ? await readSavedCluster(kops, spec) : undefined
  return planCluster(observed, saved, spec, kops.version)
}

async function carryOut(
  plan: Exclude<ClusterPlan, { kind: 'refuse' }>,
  inputs: Inputs,
  spec: ClusterSpec,
  kops: Kops,
  job: Job,
): Promise<void> {
  const { fullName } = spec
  if (plan.kind === 'update') {
    for (const difference of plan.differences) {
      const words = `${describeDifference(difference)}.`
      if (difference.remedy === 'apply') job.log.info(`${words} It is changed now.`)
      else job.log.warning(`${words} ${difference.advice}`)
    }
    return job.log.group(`kops update cluster ${fullName}: it is there already`, async () => {
      await editCluster(kops, spec, plan)
      await updateCluster(kops, spec, inputs.adminLifetime, job)
    })
  }
  if (plan.kind === 'recreate') {
    job.log.info(
      `An earlier run saved ${fullName} only in part, or with other inputs, and did not build it: starting over.`,
    )
    await deleteCluster(kops, spec, job, { wait: inputs.timeout, onBlocked: job.log.info })
  }
  await job.log.group(`kops create cluster ${fullName}`, () =>
    createCluster(kops, spec, inputs.adminLifetime, job),
  )
}
