import { policyTarget } from '@meridian/karmada'
import {
  applyOver,
  describeRef,
  isNotFound,
  isOvertaken,
  isRefusal,
  isUnknownKind,
  type Kube,
  type KubeObject,
  type ObjectType,
  refOf,
} from '@meridian/kube'
import { done, type Job, waitFor, waiting } from '@meridian/runner'
import { explainRefusals, listConflicts, type Refusal, renderConflicts } from './explain-refusal.ts'
import { inParallel } from './in-parallel.ts'
import { type Owner, refuseForeign, type Step } from './plan.ts'

type ApplyJob = Pick<Job, 'log' | 'exists' | 'summary' | 'signal' | 'deadline'>

/** Every cluster has it. */
const standIn = 'default'

type Federation = Pick<Kube, 'get' | 'apply' | 'isNamespaced'>

/** For whom a run applies, and what it has applied so far. */
export type Writer = Owner & {
  /** By name; `made` where there was nothing before. */
  readonly written: Map<string, { object: KubeObject; made: boolean }>
  /** Names of the templates that turned out to be another's when they were to be applied, or whose policies did. */
  readonly foreign: Set<string>
}

export function createWriter(owner: Owner): Writer {
  return { ...owner, written: new Map(), foreign: new Set() }
}

/** A kind takes a moment to be served once its definition is there. */
const servedMilliseconds = 60_000

/**
 * Lets the federation check everything that the plan would write, and stores nothing. Throws one UserError for
 * all objects that it refuses, so that nothing is changed by a run that could not be finished.
 */
export async function check(
  job: ApplyJob,
  federation: Federation,
  steps: readonly Step[],
  writer: Writer,
): Promise<void> {
  const open = steps.filter(step => step.action !== 'keep')
  const unchecked: string[] = []
  await applyAll(job, open, async step => {
    await applyStep(federation, step, writer, true).catch(error => {
      // A dry run stores no namespace and no definition.
      if (isUnknownKind(error)) return void unchecked.push(describeRef(refOf(step.object)))
      if (!isNotFound(error) || !createsNamespace(steps, step)) throw error
      return checkElsewhere(federation, step.object).then(isChecked => {
        if (!isChecked) unchecked.push(describeRef(refOf(step.object)))
      })
    })
  })
  if (unchecked.length > 0)
    job.log.info(`Not checked, since their namespace or definition is not there yet: ${unchecked.join(', ')}`)
}

/**
 * Checks an object in a namespace that is there, in the place of one that is yet to be made. False where that tells
 * nothing: something of its name is there, or may not be.
 */
async function checkElsewhere(federation: Pick<Kube, 'apply'>, object: KubeObject): Promise<boolean> {
  try {
    await federation.apply(moveTo(standIn, object), { dryRun: true, over: 'nothing' })
    return true
  } catch (error) {
    if (isOvertaken(error) || (isRefusal(error) && error.status === 403)) return false
    throw error
  }
}

/** A policy selects in its own namespace only. */
function moveTo(namespace: string, object: KubeObject): KubeObject {
  const moved = { ...object, metadata: { ...object.metadata, namespace } }
  const target = policyTarget(object)
  if (target === undefined) return moved
  return { ...moved, spec: { ...(object.spec as object), resourceSelectors: [{ ...target, namespace }] } }
}

/** Applies what the plan says, tier by tier. Throws one error for all objects of a tier that were refused. */
export async function apply(
  job: ApplyJob,
  federation: Federation,
  steps: readonly Step[],
  writer: Writer,
): Promise<void> {
  const open = steps.filter(step => step.action !== 'keep')
  for (const tier of new Set(open.map(step => step.tier))) {
    await applyAll(
      job,
      open.filter(step => step.tier === tier),
      async step => {
        const name = describeRef(refOf(step.object))
        await waitServed(job, federation, step.object)
        const object = await applyStep(federation, step, writer, false)
        const made = writer.written.get(name)?.made ?? step.action === 'create'
        writer.written.set(name, { object, made })
        job.log.info(`${name}: ${step.action === 'create' ? 'created' : 'changed'}`)
        if (step.role === 'template') job.exists(name)
      },
    )
  }
}

/** Applies over what was looked at, or what this run has made of it; what is another's by now is refused by its name. */
function applyStep(federation: Federation, step: Step, writer: Writer, dryRun: boolean): Promise<KubeObject> {
  const name = describeRef(refOf(step.object))
  const seen = writer.written.get(name)?.object ?? step.live
  const judge = (live: KubeObject | undefined) => {
    // What has come since the plan was shown is adopted by nobody.
    const adopt = writer.adopt && live?.metadata.uid === seen?.metadata.uid
    try {
      refuseForeign([{ ...step, live }], { ...writer, adopt })
    } catch (error) {
      writer.foreign.add(describeRef(policyTarget(step.object) ?? refOf(step.object)))
      throw error
    }
  }
  return applyOver(federation, step.object, { seen, judge }, { dryRun, force: isForced(step, writer.adopt) })
}

async function waitServed(
  job: ApplyJob,
  federation: Pick<Kube, 'isNamespaced'>,
  { apiVersion, kind }: ObjectType,
): Promise<void> {
  await waitFor(job, {
    what: `the federation to serve ${kind} of ${apiVersion}`,
    fix: 'Look at the conditions of its CustomResourceDefinition.',
    timeout: servedMilliseconds,
    probe: async () => {
      const served = await federation.isNamespaced({ apiVersion, kind }).then(
        () => true,
        error => {
          if (!isUnknownKind(error)) throw error
          return false
        },
      )
      return served ? done(undefined) : waiting('not served yet')
    },
  })
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
