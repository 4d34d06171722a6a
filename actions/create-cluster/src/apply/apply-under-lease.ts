import { type Mark, makeMark } from '@meridian/identity'
import { type ClusterSpec, describeDifference, leaseKops, readSavedCluster } from '@meridian/kops'
import type { Lease } from '@meridian/runner'
import {
  acquireLease,
  completeStore,
  ownBucket,
  readClusterClaim,
  type Store,
  writeClusterClaim,
} from '@meridian/state'
import { type BroughtUp, type Granted, grant, specOf, type Undertaking } from '../plan/granted-plan.ts'
import { isNew } from '../plan/plan.ts'
import { edits, isDue } from '../plan/plan-update.ts'
import { lookAndPlan } from '../plan/read-and-plan.ts'
import type { Sight } from '../plan/read-cluster.ts'
import { renewClaim, unfinished } from './cluster-claim.ts'
import { carryOut } from './run-kops.ts'
import { keyOf } from './state-key.ts'

/**
 * Takes the lease on the cluster, looks once more, and carries out what is then to be done. Undefined if the bucket is
 * gone, or somebody else has claimed the cluster meanwhile: then it is to be looked at anew. A run that has nothing to
 * write after all leaves no lease behind.
 */
export async function withLease(
  store: Store,
  spec: ClusterSpec | undefined,
  task: Undertaking,
): Promise<BroughtUp | undefined> {
  const { inputs, identity, job } = task
  const wait = Math.max(0, job.deadline - Date.now())
  const { fullName } = inputs.cluster
  await using lease = await acquireLease(store, { fullName, job, wait, mark: makeMark(identity) })
  if (lease === undefined) return undefined
  const { plan, sight } = await lookAndPlan(task)
  const done =
    plan.kind === 'refuse' || (plan.kind === 'use' && !plan.adopt) || sight.store === undefined
      ? undefined
      : await write(plan, lease, { ...sight, store: sight.store }, spec ?? (await specOf(plan, task)), task)
  if (done === undefined) await lease.discard()
  grant(plan, inputs)
  return done
}

type Ground = Sight & { readonly store: Store }

/** The bucket's settings, then the claim, then kops. Undefined if the claim is another's by now. */
async function write(
  plan: Granted,
  lease: Lease,
  sight: Ground,
  spec: ClusterSpec | undefined,
  task: Undertaking,
): Promise<BroughtUp | undefined> {
  const { inputs, identity, kops, job } = task
  const { fullName, region, stateStore } = inputs.cluster
  const own = isNew(plan) ? await ownBucket(sight.store, identity) : undefined
  if (own !== undefined) await completeStore(own, job, keyOf(inputs, identity.account))
  const claim = claimFor(plan, sight, task)
  const builds = runsKops(plan)
  if (builds || !isSaid(claim, sight)) {
    const first = builds ? unfinished(claim, job) : claim
    if (!(await writeClusterClaim(sight.store, fullName, first, sight.etag))) return undefined
  }
  job.output('expires-at', claim.expiresAt ?? '')
  job.exists(`cluster ${fullName} in ${region}, with its state in ${stateStore}`)
  if (builds) {
    const { instanceGroups } = sight.observed
    await carryOut(plan, inputs, { spec, instanceGroups }, leaseKops(kops, lease), job)
    await lease.confirm()
    await endClaim(sight.store, fullName, claim)
  }
  const made =
    plan.kind === 'update' && edits(plan) ? await readSavedCluster(kops, inputs.cluster) : undefined
  return {
    created: isNew(plan),
    unclaimed: false,
    expiresAt: claim.expiresAt ?? '',
    changes: changesOf(plan),
    made: made ?? spec ?? sight.saved,
    replaced: plan.kind === 'update' ? (plan.upgrade?.replaces ?? []) : [],
  }
}

function runsKops(plan: Granted): boolean {
  return plan.kind === 'update' ? isDue(plan) : isNew(plan)
}

function claimFor(plan: Granted, { claim }: Sight, { inputs, identity, mark, now, job }: Undertaking): Mark {
  if (plan.kind !== 'update' || claim.kind !== 'ours') return mark
  return renewClaim(claim.mark, identity, { ttl: inputs.ttl, now, version: job.version })
}

/** Whether the claim that is there says all of it: then it is not written again. */
function isSaid(wanted: Mark, { claim, claimed }: Sight): boolean {
  return claimed && claim.kind === 'ours' && claim.mark.expiresAt === wanted.expiresAt
}

/** What a dead run leaves unfinished the next one finishes; this one is not dead. */
async function endClaim(store: Store, fullName: string, claim: Mark): Promise<void> {
  const { etag } = await readClusterClaim(store, fullName)
  await writeClusterClaim(store, fullName, claim, etag)
}

function changesOf(plan: Granted): readonly string[] {
  return 'differences' in plan ? plan.differences.map(describeDifference) : []
}

/** A cluster of nobody, as it was found. */
export function found(plan: Granted, { saved }: Sight): BroughtUp {
  return {
    created: false,
    unclaimed: true,
    expiresAt: '',
    changes: changesOf(plan),
    made: saved,
    replaced: [],
  }
}
