import type { Aws } from '@meridian/aws'
import { type Identity, identityOf, type Mark, makeMark } from '@meridian/identity'
import type { ClusterSpec, Kops, SavedCluster } from '@meridian/kops'
import { type Job, UserError } from '@meridian/runner'
import { birthOf } from '../apply/cluster-claim.ts'
import type { Inputs } from '../inputs.ts'
import { specifyCluster } from './cluster-spec.ts'
import type { Replacement } from './plan.ts'
import { isNew, type Plan } from './plan.ts'

/** What a run is to do, and with what. */
export type Undertaking = {
  readonly inputs: Inputs
  /** With the cluster, its region and the account. */
  readonly identity: Identity
  /** Of what this run makes. */
  readonly mark: Mark
  readonly now: Date
  readonly aws: Aws
  readonly kops: Kops
  readonly job: Job
}

export type BroughtUp = {
  readonly created: boolean
  /** Whether it is nobody's and was left as it is. */
  readonly unclaimed: boolean
  /** When it is no longer wanted, '' if it does not expire. */
  readonly expiresAt: string
  readonly changes: readonly string[]
  /** What it is made of: what kops has saved, or was told now. */
  readonly made: SavedCluster | ClusterSpec | undefined
  readonly replaced: readonly Replacement[]
}

export type Granted = Exclude<Plan, { kind: 'refuse' }>

/** What a run is to do: the inputs, with whose cluster it is and until when. */
export async function undertake(
  inputs: Inputs,
  tools: { aws: Aws; kops: Kops },
  job: Job,
  now = new Date(),
): Promise<Undertaking> {
  const account = await tools.aws.account()
  const { fullName: cluster, region } = inputs.cluster
  const identity = { ...identityOf(inputs, job.run), cluster, region, account }
  return { inputs, identity, mark: makeMark(identity, birthOf(inputs, job, now)), now, ...tools, job }
}

/** Throws for a plan that is a refusal. */
export function grant(plan: Plan, { cluster }: Inputs): Granted {
  if (plan.kind !== 'refuse') return plan
  const { reason, fix, input } = plan
  throw new UserError(`${cluster.fullName}: ${reason}`, { fix, ...(input && { input }) })
}

/** Before the first write, since it may refuse. */
export async function specOf(plan: Plan, task: Undertaking): Promise<ClusterSpec | undefined> {
  return isNew(plan) ? specifyCluster(task.inputs, task.mark, task.job, task.aws) : undefined
}
