import { isTrue, renderText } from './expressions.ts'
import { type JobState, stepScope } from './job-state.ts'
import type { JobRun, Result, StepRun } from './run-report.ts'
import type { StepEnd, StepWork } from './step-work.ts'
import type { JobDefinition } from './workflow-model.ts'

export type StepPlan = {
  id: string | undefined
  name: string
  condition: string
  /** Milliseconds. */
  timeout: number | undefined
  continueOnError: boolean
  work(work: StepWork): Promise<StepEnd>
}

/** How long steps with `always()` may take after a cancellation, before GitHub's servers end everything. */
const cancelledPatience = 5 * 60_000

/** Runs a step if its condition holds, records it and lets its end decide about the job. */
export async function performStep(state: JobState, plan: StepPlan, jobSignal: AbortSignal): Promise<void> {
  if (jobSignal.aborted) state.status = 'cancelled'
  const { emit } = state.run
  if (!isTrue(plan.condition, stepScope(state))) return record(state, plan, skipped(plan))
  emit({ type: 'step-started', job: state.name, step: plan.name })
  const step = await carryOut(state, plan, jobSignal)
  if (step.outcome === 'cancelled') state.status = 'cancelled'
  if (step.conclusion === 'failure' && state.status === 'success') state.status = 'failure'
  record(state, plan, step)
  emit({
    type: 'step-finished',
    job: state.name,
    step: plan.name,
    conclusion: step.conclusion,
    seconds: step.seconds,
  })
}

/** Ends a job: its outputs (without those that hold a secret) and its result. */
export function finishJob(
  state: JobState,
  { job, startedAt, timedOut }: { job: JobDefinition; startedAt: number; timedOut: boolean },
): JobRun {
  if (timedOut)
    state.steps
      .at(-1)
      ?.annotations.push({ level: 'error', message: 'The job has exceeded its timeout-minutes.' })
  const tolerated = renderText(job.continueOnError, stepScope(state), 'continue-on-error') === 'true'
  const outputs = jobOutputs(state, job)
  return {
    id: job.id,
    name: state.name,
    needs: job.needs,
    result: state.status === 'failure' && tolerated ? 'success' : state.status,
    startedAt,
    seconds: (Date.now() - startedAt) / 1000,
    outputs,
    steps: state.steps,
  }
}

async function carryOut(state: JobState, plan: StepPlan, jobSignal: AbortSignal): Promise<StepRun> {
  const startedAt = Date.now()
  const log: string[] = []
  const onLine = (line: string): void => {
    const text = state.masks.hide(line)
    log.push(text)
    state.run.emit({ type: 'line', job: state.name, step: plan.name, text })
  }
  const limit = plan.timeout === undefined ? undefined : AbortSignal.timeout(plan.timeout)
  // A step that starts in a cancelled job (always()) must not be cancelled at once.
  const base = jobSignal.aborted ? AbortSignal.timeout(cancelledPatience) : jobSignal
  const signal = limit ? AbortSignal.any([base, limit]) : base
  const end = await plan.work({ state, signal, onLine }).catch(brokenStep)
  if (limit?.aborted)
    end.annotations.push({ level: 'error', message: `The step '${plan.name}' has timed out.` })
  const outcome = outcomeOf(end, { cancelled: base.aborted, timedOut: limit?.aborted === true })
  const conclusion = outcome === 'failure' && plan.continueOnError ? 'success' : outcome
  for (const { level, message } of end.annotations) log.push(`##[${level}]${state.masks.hide(message)}`)
  const annotations = end.annotations.map(note => ({ ...note, message: state.masks.hide(note.message) }))
  const seconds = (Date.now() - startedAt) / 1000
  return {
    name: plan.name,
    outcome,
    conclusion,
    startedAt,
    seconds,
    outputs: end.outputs,
    annotations,
    summary: end.summary,
    log,
  }
}

function outcomeOf(end: StepEnd, { cancelled, timedOut }: { cancelled: boolean; timedOut: boolean }): Result {
  if (timedOut) return 'failure'
  return cancelled ? 'cancelled' : end.ok ? 'success' : 'failure'
}

/** What is wrong with the workflow itself (a bad expression, a missing action) fails the step that met it. */
function brokenStep(error: unknown): StepEnd {
  const message = error instanceof Error ? error.message : String(error)
  return { ok: false, annotations: [{ level: 'error', message }], outputs: {}, summary: '' }
}

function record(state: JobState, plan: StepPlan, step: StepRun): void {
  state.steps.push(step)
  if (plan.id === undefined) return
  const { outputs, outcome, conclusion } = step
  state.stepContexts[plan.id] = { outputs, outcome, conclusion }
}

function skipped(plan: StepPlan): StepRun {
  const empty = { outputs: {}, annotations: [], summary: '', log: [] }
  return {
    name: plan.name,
    outcome: 'skipped',
    conclusion: 'skipped',
    startedAt: Date.now(),
    seconds: 0,
    ...empty,
  }
}

function jobOutputs(state: JobState, job: JobDefinition): Record<string, string> {
  const scope = stepScope(state)
  const entries = Object.entries(job.outputs).flatMap(([name, value]) => {
    const text = renderText(value, scope, `outputs.${name}`)
    if (state.masks.hide(text) === text) return [[name, text] as const]
    state.steps
      .at(-1)
      ?.annotations.push({ level: 'warning', message: `Skip output '${name}' since it may contain secret.` })
    return []
  })
  return Object.fromEntries(entries)
}
