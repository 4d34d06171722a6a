import { formatStore, fullName } from '@meridian/identity'
import { previewUpdate } from '@meridian/kops'
import { checkMachines } from './check-machines.ts'
import { askedOf } from './cluster-spec.ts'
import { removalAdvice } from './leave-word.ts'
import { locationOf, look, type Sight } from './look.ts'
import { isNew, needsPreview, type Plan, planCluster, type Wish, withPending } from './plan.ts'
import type { Undertaking } from './undertaking.ts'

/** Reads what there is and decides what is to be done. Writes nothing. */
export async function lookAndPlan(task: Undertaking): Promise<{ plan: Plan; sight: Sight }> {
  const { inputs, identity, aws, kops, job } = task
  const sight = await look(inputs, identity, { aws, kops })
  const wish = wishOf(task)
  const plan = planCluster(sight, wish)
  if (isNew(plan)) return { plan: (await checkMachines(inputs, aws, job)) ?? plan, sight }
  if (plan.kind !== 'update' || !needsPreview(plan, wish)) return { plan, sight }
  return { plan: withPending(plan, await previewUpdate(kops, inputs.cluster, job), wish), sight }
}

function wishOf({ inputs, identity, kops }: Undertaking): Wish {
  const { cluster, adopt, applyPending, stateStoreAccount } = inputs
  return {
    cluster: { ...cluster, stateStore: formatStore(locationOf(inputs)) },
    asked: askedOf(inputs),
    adopt,
    applyPending,
    ownName: cluster.fullName === fullName(cluster.name, inputs),
    ownAccount: stateStoreAccount === undefined || stateStoreAccount === identity.account,
    kopsVersion: kops.version,
    identity,
    teardown: removalAdvice(inputs),
  }
}
