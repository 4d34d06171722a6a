import { makeStore, type Store } from '@meridian/state'
import { sayPlan } from '../plan/describe-plan.ts'
import { type BroughtUp, grant, specOf, type Undertaking } from '../plan/granted-plan.ts'
import { lookAndPlan } from '../plan/read-and-plan.ts'
import { locationOf } from '../plan/read-cluster.ts'
import { teardownAdvice } from '../report/removal-advice.ts'
import { found, withLease } from './apply-under-lease.ts'
import { birthOf } from './cluster-claim.ts'
import { keyOf } from './state-key.ts'

/**
 * Creates the cluster, finishes or changes the one that is ours, or uses the one that is nobody's. All is looked at
 * before anything is written, and again under the lease, so that no other run changes it meanwhile: a run that is refused
 * has written nothing.
 */
export async function bringUp(task: Undertaking): Promise<BroughtUp> {
  const { inputs, job } = task
  let { plan, sight } = await lookAndPlan(task)
  for (;;) {
    const granted = grant(plan, inputs)
    sayPlan(granted, inputs, job.log)
    if (granted.kind === 'use' && !granted.adopt) {
      job.output('expires-at', '')
      return found(granted, sight)
    }
    job.advice(teardownAdvice(inputs))
    const spec = await specOf(granted, task)
    const store = sight.store ?? (await openNew(task))
    const done = store && (await withLease(store, spec, task))
    if (done !== undefined) return done
    // A teardown has taken the bucket away, or somebody has claimed the cluster, since it was looked at.
    const next = await lookAndPlan(task)
    plan = next.plan
    sight = next.sight
  }
}

async function openNew({ inputs, identity, now, aws, job }: Undertaking): Promise<Store | undefined> {
  const { region } = inputs.cluster
  const account = inputs.stateStoreAccount ?? (await aws.account())
  const location = locationOf(inputs)
  const birth = birthOf(inputs, job, now)
  const kmsKey = keyOf(inputs, account)
  const store = await makeStore(aws, { location, region, account, identity, birth, kmsKey }, job)
  job.exists(`state bucket ${location.bucket}`)
  return store
}
