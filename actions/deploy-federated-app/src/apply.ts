import {
  describeRef,
  isConflict,
  isNotFound,
  type Kube,
  KubeError,
  type KubeObject,
  refOf,
} from '@meridian/kube'
import { type Job, UserError } from '@meridian/runner'
import type { Step } from './plan.ts'

/**
 * Applies what the plan says, tier by tier. With `dryRun` the federation checks everything and stores nothing.
 * Throws one UserError for all objects of a tier that were refused.
 */
export async function apply(
  job: Pick<Job, 'log' | 'exists'>,
  federation: Kube,
  steps: readonly Step[],
  dryRun: boolean,
): Promise<void> {
  const open = steps.filter(step => step.action !== 'keep')
  for (const tier of new Set(open.map(step => step.tier))) {
    const results = await Promise.allSettled(
      open.filter(step => step.tier === tier).map(step => applyOne(job, federation, step, steps, dryRun)),
    )
    const failures = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
    if (failures.length > 0) throw explain(failures)
  }
}

async function applyOne(
  job: Pick<Job, 'log' | 'exists'>,
  federation: Kube,
  step: Step,
  steps: readonly Step[],
  dryRun: boolean,
): Promise<void> {
  const name = describeRef(refOf(step.object))
  try {
    // Policies are ours alone; in a template a field of somebody else's is a conflict to be told.
    await federation.apply(step.object, { dryRun, force: step.role === 'policy' })
  } catch (error) {
    // A dry run stores no namespace, so what is to be in it cannot be checked.
    if (dryRun && isNotFound(error) && createsNamespace(steps, step.object)) {
      job.log.info(`${name}: cannot be checked before its namespace is there`)
      return
    }
    throw error
  }
  if (dryRun) return
  job.log.info(`${name}: ${step.action === 'create' ? 'created' : 'changed'}`)
  if (step.role === 'template') job.exists(`${name} in ${federation.context}`)
}

function createsNamespace(steps: readonly Step[], object: KubeObject): boolean {
  return steps.some(
    step =>
      step.object.kind === 'Namespace' &&
      step.action === 'create' &&
      step.object.metadata.name === object.metadata.namespace,
  )
}

function explain(failures: readonly unknown[]): unknown {
  const known = failures.filter(error => error instanceof KubeError)
  const conflicts = known.filter(isConflict)
  const [first] = failures
  if (known.length < failures.length) return failures.find(error => !(error instanceof KubeError))
  if (conflicts.length > 0) {
    const lines = conflicts.map(error => [error.message, ...error.causes.map(describeCause)].join('\n- '))
    return new UserError(lines.join('\n'), {
      fix: 'Another manager owns these fields: leave them out of the manifests, or let it give them up.',
      cause: first,
    })
  }
  const refused = known.filter(({ status }) => status === 400 || status === 403 || status === 422)
  if (refused.length < known.length) return first
  return new UserError(refused.map(error => error.message).join('\n'), {
    fix: 'Correct the manifests: the federation refuses them as they are.',
    input: 'manifests',
    cause: first,
  })
}

function describeCause({ field, message }: KubeError['causes'][number]): string {
  return `${field ?? 'a field'}: ${message ?? 'conflict'}`
}
