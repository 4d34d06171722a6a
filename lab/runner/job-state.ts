import { delimiter } from 'node:path'
import type { Scope } from './expressions.ts'
import { githubVariables } from './github-variables.ts'
import { createMasks, type Masks } from './masks.ts'
import type { Combination } from './matrix.ts'
import type { Result, RunContext, StepRun } from './run-report.ts'
import type { JobDirectories } from './workspace.ts'

/** What a post step needs to remember of its main step. */
export type PostStep = { name: string; entry: string; condition: string; env: Record<string, string> }

/** What a running job knows and collects. */
export type JobState = {
  name: string
  run: RunContext
  directories: JobDirectories
  /** The workflow's and the job's `env`, and what steps added through GITHUB_ENV. */
  env: Record<string, string>
  path: string[]
  masks: Masks
  status: 'success' | 'failure' | 'cancelled'
  steps: StepRun[]
  stepContexts: Record<string, { outputs: Record<string, string>; outcome: Result; conclusion: Result }>
  posts: PostStep[]
  /** Process groups to end with the job. */
  groups: number[]
  contexts: Record<string, unknown>
  github: Record<string, string>
}

export type JobFacts = {
  id: string
  name: string
  workflow: string
  leg: Combination | undefined
  contexts: Record<string, unknown>
}

export function createJobState(run: RunContext, facts: JobFacts, directories: JobDirectories): JobState {
  const github = githubVariables({
    workspace: directories.workspace,
    temp: directories.temp,
    event: run.event,
    eventPath: directories.eventPath,
    workflow: facts.workflow,
    job: facts.id,
    runId: run.runId,
  })
  return {
    name: facts.name,
    run,
    directories,
    env: {},
    path: [],
    masks: createMasks(Object.values(run.secrets)),
    status: 'success',
    steps: [],
    stepContexts: {},
    posts: [],
    groups: [],
    contexts: { ...facts.contexts, matrix: facts.leg ?? null },
    github,
  }
}

/** What expressions in a step see, with the step's own `env` on top of the job's. */
export function stepScope(state: JobState, stepEnv: Record<string, string> = {}): Scope {
  const { status } = state
  return {
    contexts: {
      ...state.contexts,
      env: { ...state.env, ...stepEnv },
      github: githubContext(state.github, state.run),
      job: { status },
      runner: {
        os: state.github.RUNNER_OS,
        arch: state.github.RUNNER_ARCH,
        temp: state.directories.temp,
        name: 'lab',
      },
      steps: state.stepContexts,
    },
    status: {
      success: () => status === 'success',
      failure: () => status === 'failure',
      cancelled: () => status === 'cancelled',
      always: () => true,
    },
  }
}

/** The environment of a step's process: the machine, the runner's variables, `env`, then what is `extra`. */
export function stepEnvironment(
  state: JobState,
  extra: Record<string, string>,
): Record<string, string | undefined> {
  const { machine } = state.run
  const path = [...state.path, state.env.PATH ?? machine.PATH ?? ''].join(delimiter)
  return { ...machine, HOME: state.directories.home, ...state.github, ...state.env, ...extra, PATH: path }
}

/** The `github` context: GITHUB_REF becomes `github.ref`. */
export function githubContext(variables: Record<string, string>, run: RunContext): Record<string, unknown> {
  const named = Object.entries(variables).flatMap(([name, value]) =>
    name.startsWith('GITHUB_') ? [[name.slice('GITHUB_'.length).toLowerCase(), value] as const] : [],
  )
  return { ...Object.fromEntries(named), event: run.payload, token: '' }
}
