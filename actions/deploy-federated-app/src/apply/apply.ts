import { policyTarget } from '@meridian/karmada'
import {
  describeRef,
  isOvertaken,
  isRefusal,
  isUnknownKind,
  type Kube,
  type KubeObject,
  type ObjectType,
  refOf,
} from '@meridian/kube'
import { done, inParallel, type Job, waitFor, waiting } from '@meridian/runner'
import type { Displaced } from '../plan/changed-list-keys.ts'
import { type Owner, refuseForeign, type Step } from '../plan/plan.ts'
import { explainRefusals, isFinal, listConflicts, type Refusal, renderConflicts } from './explain-refusal.ts'
import { groupForCheck } from './group-dry-runs.ts'
import { applyDisplaced, listDisplaced } from './restore-list-keys.ts'
import { checkByDefinition } from './validate-by-definition.ts'
import { waitForDefinitions } from './wait-for-definitions.ts'

type ApplyJob = Pick<Job, 'log' | 'exists' | 'summary' | 'signal' | 'deadline'>

/** Every cluster has it. */
const standIn = 'default'

type Federation = Pick<Kube, 'get' | 'apply' | 'patch' | 'isNamespaced' | 'request'>

/** For whom a run applies, and what it has applied so far. */
export type Writer = Owner & {
  /** By name, the last written last: what there was before this run, and what it has made of it; undefined where nothing. */
  readonly written: Map<string, { object: KubeObject | undefined; before: KubeObject | undefined }>
  /** Names of what the federation refused when it was to be applied, and of what was another's by then. */
  readonly refused: Set<string>
}

/** A writer that has applied nothing yet. */
export function createWriter(owner: Owner): Writer {
  return { ...owner, written: new Map(), refused: new Set() }
}

/** A kind takes a moment to be served once its definition is there. */
const servedMilliseconds = 60_000

/**
 * Lets the federation check everything that the plan would write, where that is much one of what is alike, and stores
 * nothing. Throws one UserError for all objects that it refuses, so that nothing is changed by a run that could not be
 * finished.
 */
export async function check(
  job: ApplyJob,
  federation: Federation,
  steps: readonly Step[],
  writer: Writer,
): Promise<void> {
  const open = steps.filter(step => step.action !== 'keep')
  const definitions = open.map(({ object }) => object)
  const created = open.filter(({ object, action }) => object.kind === 'Namespace' && action === 'create')
  const places = new Set(created.map(({ object }) => object.metadata.name))
  const unchecked: string[] = []
  const checkOne = async (step: Step) => {
    // A dry run stores no namespace.
    const isThere = !places.has(step.object.metadata.namespace ?? '')
    const checking = isThere ? dryRun(federation, step, writer) : checkElsewhere(federation, step.object)
    const isChecked = await checking.catch(error => checkByDefinition(step.object, definitions, error))
    if (!isChecked) unchecked.push(describeRef(refOf(step.object)))
  }
  const refusals = await inParallel(groupForCheck(open), async group => {
    const refused = await collectRefusals(group.slice(0, 1), checkOne)
    if (!refused.some(({ error }) => isFinal(error))) return refused
    // All are told, and it may be the name that is refused.
    return [...refused, ...(await collectRefusals(group.slice(1), checkOne))]
  })
  throwRefusals(job, refusals.flat())
  if (unchecked.length > 0)
    job.log.info(`Not checked, since their namespace or definition is not there yet: ${unchecked.join(', ')}`)
}

async function dryRun(federation: Federation, step: Step, writer: Writer): Promise<boolean> {
  await applyStep(federation, step, writer, true)
  return true
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

/** A step's object as the federation had it when it was last looked at or written. */
export function latestOf(step: Step, { written }: Writer): KubeObject {
  return written.get(describeRef(refOf(step.object)))?.object ?? step.live ?? step.object
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
    const own = open.filter(step => step.tier === tier)
    const changed = listChangedDefinitions(writer, own)
    await inParallel(changed, definition => waitForDefinitions(job, federation, definition))
    const refusals = await collectRefusals(own, async step => {
      const name = describeRef(refOf(step.object))
      await waitServed(job, federation, step.object)
      await applyStep(federation, step, writer, false)
      job.log.info(`${name}: ${step.action === 'create' ? 'created' : 'changed'}`)
      if (step.role === 'template') job.exists(name)
    })
    for (const { object, error } of refusals) if (isFinal(error)) writer.refused.add(object)
    throwRefusals(job, refusals)
  }
}

/** The definitions of what these steps apply, as far as the run has changed them. */
function listChangedDefinitions({ written }: Writer, steps: readonly Step[]): KubeObject[] {
  return [...written.values()].flatMap(({ object, before }) => {
    if (object?.kind !== 'CustomResourceDefinition' || before === undefined) return []
    const { group, names } = object.spec as { group: string; names: { kind: string } }
    const isUsed = steps.some(
      step => step.object.kind === names.kind && step.object.apiVersion.startsWith(`${group}/`),
    )
    return isUsed ? [object] : []
  })
}

/** Applies over what was looked at, or what this run has made of it; what is another's by now is refused by its name. */
async function applyStep(federation: Federation, step: Step, writer: Writer, dryRun: boolean): Promise<void> {
  const name = describeRef(refOf(step.object))
  const former = writer.written.get(name)
  const seen = former ? former.object : step.live
  let over = seen
  const judge = (live: KubeObject | undefined) => {
    // What has come since the plan was shown is adopted by nobody.
    const adopt = writer.adopt && live?.metadata.uid === seen?.metadata.uid
    refuseForeign([{ ...step, live }], { ...writer, adopt })
    over = live
  }
  const how = { dryRun, force: isForced(step, writer.adopt) }
  const displaced = listDisplaced(step.object, seen)
  const write = (displaced: readonly Displaced[]) =>
    applyDisplaced(federation, step.object, { seen, judge }, { ...how, displaced })
  const object = await write(displaced).catch(error => {
    const refused = displaced.length === 0 ? listDisplaced(step.object, seen, error) : []
    if (refused.length === 0) throw error
    return write(refused)
  })
  if (dryRun) return
  writer.written.delete(name)
  writer.written.set(name, { object, before: former ? former.before : over })
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

async function collectRefusals(
  steps: readonly Step[],
  applyOne: (step: Step) => Promise<void>,
): Promise<Refusal[]> {
  const refusals: Refusal[] = []
  await inParallel(steps, async step => {
    await applyOne(step).catch((error: unknown) => {
      refusals.push({ object: describeRef(refOf(step.object)), error })
    })
  })
  return refusals
}

function throwRefusals(job: ApplyJob, refusals: readonly Refusal[]): void {
  if (refusals.length === 0) return
  const conflicts = renderConflicts(listConflicts(refusals))
  if (conflicts !== '') job.summary(conflicts)
  throw explainRefusals(refusals)
}

/** Policies are ours alone; in a template a field of somebody else's is a conflict to be told. */
function isForced(step: Step, adopt: boolean): boolean {
  return step.role !== 'template' || adopt
}
