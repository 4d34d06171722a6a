import { describeRef, isNotFound, type Kube, refOf } from '@meridian/kube'
import type { Job } from '@meridian/runner'
import { explainRefusals, listConflicts, type Refusal, renderConflicts } from './explain-refusal.ts'
import { inParallel } from './in-parallel.ts'
import type { Step } from './plan.ts'

type ApplyJob = Pick<Job, 'log' | 'exists' | 'summary'>

/**
 * Lets the federation check everything that the plan would write, and stores nothing. Throws one UserError for
 * all objects that it refuses, so that nothing is changed by a run that could not be finished.
 */
export async function check(
  job: ApplyJob,
  federation: Pick<Kube, 'apply'>,
  steps: readonly Step[],
  adopt: boolean,
): Promise<void> {
  const open = steps.filter(step => step.action !== 'keep')
  const unchecked = new Set<string>()
  await applyAll(job, open, async step => {
    const apply = federation.apply(step.object, { dryRun: true, force: isForced(step, adopt) })
    await apply.catch(error => {
      // A dry run stores no namespace, so what is to be in it cannot be checked.
      if (!isNotFound(error) || !createsNamespace(steps, step)) throw error
      unchecked.add(step.object.metadata.namespace ?? '')
    })
  })
  if (unchecked.size > 0)
    job.log.info(`Not checked before it is there: what is to be in namespace ${[...unchecked].join(', ')}`)
}

/** Applies what the plan says, tier by tier. Throws one error for all objects of a tier that were refused. */
export async function apply(
  job: ApplyJob,
  federation: Pick<Kube, 'apply'>,
  steps: readonly Step[],
  adopt: boolean,
): Promise<void> {
  const open = steps.filter(step => step.action !== 'keep')
  for (const tier of new Set(open.map(step => step.tier))) {
    await applyAll(
      job,
      open.filter(step => step.tier === tier),
      async step => {
        const name = describeRef(refOf(step.object))
        await federation.apply(step.object, { force: isForced(step, adopt) })
        job.log.info(`${name}: ${step.action === 'create' ? 'created' : 'changed'}`)
        if (step.role === 'template') job.exists(name)
      },
    )
  }
}

async function applyAll(
  job: ApplyJob,
  steps: readonly Step[],
  applyOne: (step: Step) => Promise<void>,
): Promise<void> {
  const refusals: Refusal[] = []
  await inParallel(steps, async step => {
    await applyOne(step).catch((error: unknown) => {
      refusals.push({ object: describeRef(refOf(step.object)), error })
    })
  })
  if (refusals.length === 0) return
  const conflicts = renderConflicts(listConflicts(refusals))
  if (conflicts !== '') job.summary(conflicts)
  throw explainRefusals(refusals)
}

/** Policies are ours alone; in a template a field of somebody else's is a conflict to be told. */
function isForced(step: Step, adopt: boolean): boolean {
  return step.role !== 'template' || adopt
}

function createsNamespace(steps: readonly Step[], { object }: Step): boolean {
  return steps.some(
    step =>
      step.object.kind === 'Namespace' &&
      step.action === 'create' &&
      step.object.metadata.name === object.metadata.namespace,
  )
}
