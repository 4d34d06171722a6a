import { stringify } from 'yaml'
import type { CompositeAction } from './action-file.ts'
import { renderText, renderTexts } from './expressions.ts'
import { type JobState, stepScope } from './job-state.ts'
import { performStep } from './perform-step.ts'
import type { StepEnd, StepWork } from './step-work.ts'
import { UnsupportedError } from './supported-syntax.ts'
import { parseWorkflowText } from './workflow-file.ts'
import type { StepDefinition } from './workflow-model.ts'

export type CompositeCall = {
  action: CompositeAction
  directory: string
  inputs: Record<string, string>
  /** The `env` of the step that uses the action. */
  env: Record<string, string>
}

/**
 * Runs the steps of a composite action: they have their own `inputs` and `steps` contexts, and what they write to GITHUB_ENV
 * and GITHUB_PATH, and their post steps, are the job's.
 */
export async function runComposite(
  { action, directory, inputs, env }: CompositeCall,
  work: StepWork,
  runStep: (step: StepDefinition, work: StepWork) => Promise<StepEnd>,
): Promise<StepEnd> {
  const outer = work.state
  const emit: JobState['run']['emit'] = event => event.type === 'line' && work.onLine(event.text)
  const state: JobState = {
    ...outer,
    outer,
    run: { ...outer.run, emit },
    env: { ...outer.env, ...env },
    status: 'success',
    steps: [],
    stepContexts: {},
    contexts: { ...outer.contexts, inputs },
    github: { ...outer.github, GITHUB_ACTION_PATH: directory },
  }
  for (const step of await readSteps(action, directory)) {
    const plan = {
      id: step.id,
      name: String(step.name ?? step.id ?? step.kind),
      condition: step.if,
      timeout: undefined,
      continueOnError: renderText(step.continueOnError, stepScope(state), 'continue-on-error') === 'true',
      work: (inner: StepWork) => runStep(step, inner),
    }
    await performStep(state, plan, work.signal)
  }
  return {
    ok: state.status === 'success',
    annotations: state.steps.flatMap(step => step.annotations),
    outputs: renderTexts(action.outputs, stepScope(state), 'outputs'),
    summary: state.steps.map(step => step.summary).join(''),
  }
}

/** The steps of an action are written like those of a job, and so GitHub's parser reads them as ones. */
async function readSteps(action: CompositeAction, directory: string): Promise<StepDefinition[]> {
  const jobs = { composite: { 'runs-on': 'ubuntu-24.04', steps: action.steps } }
  const { jobs: read } = await parseWorkflowText(
    `${directory}/action.yml`,
    stringify({ on: 'workflow_call', jobs }),
  )
  const steps = read.flatMap(job => (job.kind === 'steps' ? job.steps : []))
  return steps.map(step => {
    if (step.kind === 'parallel') throw new UnsupportedError(`${directory}: parallel in a composite action`)
    if (step.kind === 'run' && step.shell === undefined)
      throw new Error(`${directory}/action.yml: Required property is missing: shell`)
    return step
  })
}
