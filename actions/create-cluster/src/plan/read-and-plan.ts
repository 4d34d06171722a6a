import { formatStore, fullName } from '@meridian/identity'
import { previewUpdate, readRolls } from '@meridian/kops'
import { decided } from '@meridian/runner'
import { removalAdvice } from '../report/removal-advice.ts'
import { checkMachines } from './check-machines.ts'
import { askedOf } from './cluster-spec.ts'
import { describePlan } from './describe-plan.ts'
import type { Undertaking } from './granted-plan.ts'
import { isNew, type Plan, type Update } from './plan.ts'
import { planCluster, type Wish } from './plan-cluster.ts'
import { needsPreview, withPending } from './plan-update.ts'
import { withUpgrade } from './plan-upgrade.ts'
import { locationOf, look, type Sight } from './read-cluster.ts'

/** Reads what there is and decides what is to be done. Writes nothing. */
export async function lookAndPlan(task: Undertaking): Promise<{ plan: Plan; sight: Sight }> {
  const { plan, sight } = await lookAndDecide(task)
  return { plan: decided(`cluster ${task.inputs.cluster.fullName}`, plan, describePlan), sight }
}

async function lookAndDecide(task: Undertaking): Promise<{ plan: Plan; sight: Sight }> {
  const { inputs, identity, aws, kops, job } = task
  const sight = await look(inputs, identity, { aws, kops })
  const wish = wishOf(task)
  const plan = planCluster(sight, wish)
  if (isNew(plan)) return { plan: (await checkMachines(inputs, aws, job)) ?? plan, sight }
  if (plan.kind !== 'update') return { plan, sight }
  const pending = needsPreview(plan, wish) ? await previewUpdate(kops, inputs.cluster, job) : []
  const next = withPending(plan, pending, wish)
  if (next.kind !== 'update' || wish.upgrade === undefined) return { plan: next, sight }
  return { plan: await upgradePlan(next, sight, task), sight }
}

async function upgradePlan(
  plan: Update,
  { saved }: Sight,
  { inputs, aws, kops, job }: Undertaking,
): Promise<Plan> {
  if (saved === undefined) return plan
  const due = await readRolls(kops, inputs.cluster)
  const next = withUpgrade(plan, saved, due, job.deadline - Date.now())
  if (next.kind !== 'update' || !next.upgrade?.edits.some(({ field }) => field === 'machineType')) return next
  const place = { ...inputs.cluster, zones: saved.zones }
  return (await checkMachines({ ...inputs, cluster: place }, aws, job)) ?? next
}

function wishOf({ inputs, identity, kops }: Undertaking): Wish {
  const { cluster, adopt, applyPending, stateStoreAccount, karmadaVersion } = inputs
  return {
    cluster: { ...cluster, stateStore: formatStore(locationOf(inputs)) },
    asked: askedOf(inputs),
    adopt,
    applyPending,
    ownName: cluster.fullName === fullName(cluster.name, inputs),
    ownAccount: stateStoreAccount === undefined || stateStoreAccount === identity.account,
    kopsVersion: kops.version,
    ...(inputs.upgrade && { upgrade: { kops: kops.version, karmada: karmadaVersion } }),
    identity,
    teardown: removalAdvice(inputs),
  }
}
