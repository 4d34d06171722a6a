import { rm } from 'node:fs/promises'
import { render, renderText, renderTexts } from './expressions.ts'
import { createJobState, type JobFacts, type JobState, stepScope } from './job-state.ts'
import { finishJob, performStep, type StepPlan } from './perform-step.ts'
import { killGroup } from './process.ts'
import type { RunContext } from './run-context.ts'
import { performParallel } from './run-parallel.ts'
import type { JobRun } from './run-report.ts'
import { runPostStep, runStep } from './run-step.ts'
import { requireUbuntu } from './workflow-jobs.ts'
import type { JobDefinition, ParallelSteps, StepDefinition, Workflow } from './workflow-model.ts'
import { createJobDirectories } from './workspace.ts'

export type StepsJob = JobDefinition & { kind: 'steps' }

/** Runs the steps of one job (one leg of its matrix), then the post steps in reverse order. */
export async function runJob(
  run: RunContext,
  workflow: Workflow,
  job: StepsJob,
  facts: JobFacts,
  legSignal: AbortSignal,
): Promise<JobRun> {
  const startedAt = Date.now()
  requireUbuntu(render(job.runsOn, { contexts: facts.contexts }), job.id)
  const directories = await createJobDirectories(run.temp, run.payload)
  const machine = run.machines[job.id] ?? run.machine
  const state = createJobState({ ...run, machine }, facts, directories)
  run.emit({ type: 'job-started', job: facts.name })
  state.env = renderTexts(workflow.env, stepScope(state), 'env')
  Object.assign(state.env, renderTexts(job.env, stepScope(state), `${job.id}.env`))
  const limit = AbortSignal.timeout(minutes(job.timeoutMinutes, state))
  const signal = AbortSignal.any([legSignal, limit])
  try {
    for (const step of job.steps) await perform(step, workflow, job, state, signal)
    for (const plan of planPosts(state)) await performStep(state, plan, signal)
  } finally {
    for (const group of state.groups) killGroup(group)
    run.later(rm(directories.root, { recursive: true, force: true }))
  }
  return finishJob(state, { job, startedAt, timedOut: limit.aborted && !legSignal.aborted })
}

async function perform(
  step: StepDefinition | ParallelSteps,
  workflow: Workflow,
  job: StepsJob,
  state: JobState,
  signal: AbortSignal,
): Promise<void> {
  if (step.kind !== 'parallel') return performStep(state, planStep(step, workflow, job, state), signal)
  const plans = step.steps.map(each => (fork: JobState) => planStep(each, workflow, job, fork))
  await performParallel(state, plans, signal)
}

function minutes(value: unknown, state: JobState): number {
  return Number(renderText(value, stepScope(state), 'timeout-minutes')) * 60_000
}

function planStep(step: StepDefinition, workflow: Workflow, job: StepsJob, state: JobState): StepPlan {
  const shell = step.shell ?? job.shell ?? workflow.shell
  const workingDirectory = step.workingDirectory ?? job.workingDirectory ?? workflow.workingDirectory
  const scope = stepScope(state)
  return {
    id: step.id,
    name: step.name === undefined ? defaultName(step) : renderText(step.name, scope, 'name'),
    condition: step.if,
    timeout: step.timeoutMinutes === undefined ? undefined : minutes(step.timeoutMinutes, state),
    continueOnError: renderText(step.continueOnError, scope, 'continue-on-error') === 'true',
    work: work => runStep({ ...step, shell, workingDirectory }, work),
  }
}

/** Post steps of this job; the list grows while steps run, so it is made when they are over. */
function planPosts(state: JobState): StepPlan[] {
  return [...state.posts].reverse().map(post => ({
    id: undefined,
    name: `Post ${post.name}`,
    condition: post.condition,
    timeout: undefined,
    continueOnError: false,
    work: work => runPostStep(post.entry, post.env, work),
  }))
}

function defaultName(step: StepDefinition): string {
  if (step.kind === 'checkout') return 'Run actions/checkout'
  return `Run ${step.kind === 'action' ? step.uses : (step.run.split('\n')[0] ?? '')}`
}
