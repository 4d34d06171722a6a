import { objectLabels } from '@meridian/identity'
import {
  describeRef,
  isConflict,
  isNotFound,
  isRefusal,
  type Kube,
  type KubeObject,
  readObjects,
  refOf,
} from '@meridian/kube'
import { decided, done, inParallel, type Job, waitFor, waiting } from '@meridian/runner'
import type { Desired } from './build-desired.ts'
import { isSame, mayBeNormalized, type Owner, planStep, refuseForeign, type Step } from './plan.ts'

/**
 * Reads every desired object as it is now and plans what to do; nothing is written. What is being deleted (by a
 * teardown just before) is waited for: it could be neither kept nor made.
 */
export async function readLiveObjects(
  job: Pick<Job, 'signal' | 'deadline' | 'log'>,
  federation: Kube,
  desired: readonly Desired[],
  owner: Owner,
): Promise<Step[]> {
  const live = await waitFor(job, {
    what: 'what is being deleted to be gone',
    fix: 'A member that is not ready may hold it up, or a finalizer: look at the objects that are named.',
    probe: async () => {
      const refs = desired.map(({ object }) => refOf(object))
      const found = await readObjects(federation, refs, objectLabels(owner.identity))
      const going = found.flatMap(each =>
        each?.metadata.deletionTimestamp ? [describeRef(refOf(each))] : [],
      )
      return going.length === 0 ? done(found) : waiting(`${going.join(', ')} still there`)
    },
  })
  const steps = desired.map((each, at) =>
    decided(describeRef(refOf(each.object)), planStep(each, live[at]), ({ action }) => action),
  )
  refuseForeign(steps, owner)
  return inParallel(steps, step => settle(federation, step))
}

async function settle(federation: Kube, step: Step): Promise<Step> {
  if (!mayBeNormalized(step) || step.live === undefined) return step
  const result = await federation.apply<KubeObject>(step.object, { dryRun: true }).catch(error => {
    // What is refused is told when everything is checked, with all others.
    if (isNotFound(error) || isConflict(error) || isRefusal(error)) return undefined
    throw error
  })
  return result !== undefined && isSame(step.live, result)
    ? { ...step, action: 'keep', differences: [] }
    : step
}
