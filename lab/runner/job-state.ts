import { delimiter } from 'node:path'
import type { Scope } from './expressions.ts'
import { githubVariables } from './github-variables.ts'
import { createMasks, type Masks } from './masks.ts'
import type { Combination } from './matrix.ts'
import type { Permissions } from './permissions.ts'
import type { JobIdentity, RunContext } from './run-context.ts'
import type { Result, StepRun } from './run-report.ts'
import type { JobDirectories } from './workspace.ts'

/** What a post step needs to remember of its main step. */
type PostStep = { name: string; entry: string; condition: string; env: Record<string, string> }

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
  /** The value of `github.token`. */
  token: string
  permissions: Permissions
  /** ACTIONS_ID_TOKEN_REQUEST_*, where the job may ask for identity tokens. */
  idToken: Record<string, string>
  /** Around the steps of a composite action: the job that their GITHUB_ENV works on too. */
  outer?: JobState
}

export type JobFacts = {
  id: string
  name: string
  leg: Combination | undefined
  contexts: Record<string, unknown>
  permissions: Permissions
  /** '' for none */
  environment: string
  /** `owner/name/.github/workflows/x.yml@ref` of the file that the job stands in. */
  jobWorkflowRef: string
}

/**
 * A job before its first step, with the contexts, the secrets to mask, and the token that its permissions give.
 */
export function createJobState(run: RunContext, facts: JobFacts, directories: JobDirectories): JobState {
  const { repository, trigger, workflow, workflowRef, runId } = run
  const { workspace, temp, eventPath } = directories
  const facing = { repository, trigger, workflow, workflowRef, runId, workspace, temp, eventPath }
  const github = githubVariables({ ...facing, job: facts.id })
  const { vars, secrets } = settingsOf(run, facts.environment)
  const identity = identityOf(run, facts)
  const token = run.tokens.githubToken?.(identity) ?? ''
  const mayIdentify = facts.permissions['id-token'] === 'write'
  return {
    name: facts.name,
    run,
    directories,
    env: {},
    path: [],
    masks: createMasks([...Object.values(secrets), token]),
    status: 'success',
    steps: [],
    stepContexts: {},
    posts: [],
    groups: [],
    contexts: {
      ...facts.contexts,
      vars,
      secrets: { ...secrets, GITHUB_TOKEN: token },
      matrix: facts.leg ?? null,
    },
    github,
    token,
    permissions: facts.permissions,
    idToken: mayIdentify ? { ...identityVariables(run.machine), ...run.tokens.idToken?.(identity) } : {},
  }
}

/** Variables and secrets of the repository, under those of the job's environment. */
function settingsOf({ vars, secrets, environments }: RunContext, environment: string) {
  const own = environments[environment]
  return { vars: { ...vars, ...own?.vars }, secrets: { ...secrets, ...own?.secrets } }
}

function identityOf(run: RunContext, facts: JobFacts): JobIdentity {
  return {
    repository: run.repository,
    job: facts.id,
    trigger: run.trigger,
    environment: facts.environment || undefined,
    permissions: facts.permissions,
    workflowRef: run.workflowRef,
    jobWorkflowRef: facts.jobWorkflowRef,
  }
}

/** What only jobs with `id-token: write` see. */
const isIdentityVariable = (name: string): boolean => name.startsWith('ACTIONS_ID_TOKEN_REQUEST_')

function identityVariables(machine: RunContext['machine']): Record<string, string> {
  const found = Object.entries(machine).flatMap(([name, value]) =>
    isIdentityVariable(name) && value !== undefined ? [[name, value] as const] : [],
  )
  return Object.fromEntries(found)
}

/** What expressions in a step see, with the step's own `env` on top of the job's. */
export function stepScope(state: JobState, stepEnv: Record<string, string> = {}): Scope {
  const { status } = state
  return {
    contexts: {
      ...state.contexts,
      env: { ...state.env, ...stepEnv },
      github: { ...githubContext(state.github, state.run), token: state.token },
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
  const machine = Object.fromEntries(
    Object.entries(state.run.machine).filter(([name]) => !isIdentityVariable(name)),
  )
  const path = [...state.path, state.env.PATH ?? machine.PATH ?? ''].join(delimiter)
  const { home } = state.directories
  // A machine of a world knows where that world's GitHub is.
  const github = {
    ...state.github,
    ...(machine.GITHUB_API_URL && { GITHUB_API_URL: machine.GITHUB_API_URL }),
    ...(machine.GITHUB_SERVER_URL && { GITHUB_SERVER_URL: machine.GITHUB_SERVER_URL }),
  }
  return { ...machine, ...state.idToken, HOME: home, ...github, ...state.env, ...extra, PATH: path }
}

/** The `github` context: GITHUB_REF becomes `github.ref`. */
export function githubContext(variables: Record<string, string>, run: RunContext): Record<string, unknown> {
  const named = Object.entries(variables).flatMap(([name, value]) =>
    name.startsWith('GITHUB_') ? [[name.slice('GITHUB_'.length).toLowerCase(), value] as const] : [],
  )
  return { ...Object.fromEntries(named), event: run.payload }
}
