import { isNotFound, type Kube, refOf } from '@meridian/kube'
import { UserError } from '@meridian/runner'
import type { Desired } from './build-desired.ts'
import { findForeign, isSame, mayBeNormalized, planStep, type Step } from './plan.ts'

/** Reads every desired object as it is now and plans what to do; nothing is written. */
export async function observe(
  federation: Kube,
  desired: readonly Desired[],
  environment: string,
): Promise<Step[]> {
  const steps = await Promise.all(
    desired.map(async each => planStep(each, await federation.get(refOf(each.object)))),
  )
  const foreign = findForeign(steps, environment)
  if (foreign.length === 0) return Promise.all(steps.map(step => settle(federation, step)))
  throw new UserError(foreign.join('; '), {
    fix: 'Deploy under other names or into another namespace, or correct the input environment.',
    input: 'environment',
  })
}

async function settle(federation: Kube, step: Step): Promise<Step> {
  if (!mayBeNormalized(step) || step.live === undefined) return step
  const result = await federation.apply(step.object, { dryRun: true }).catch(error => {
    // A conflict is told when it is applied in earnest, with all others.
    if (isNotFound(error) || error.status === 409) return undefined
    throw error
  })
  return result !== undefined && isSame(step.live, result)
    ? { ...step, action: 'keep', differences: [] }
    : step
}
