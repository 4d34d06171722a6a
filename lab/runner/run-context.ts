import type { Concurrency } from './concurrency.ts'
import type { Permissions } from './permissions.ts'
import type { Repositories, Repository } from './repositories.ts'
import type { RunEvent } from './run-report.ts'
import type { Annotation } from './workflow-commands.ts'

/** What started a run, as the `github` context tells it. */
export type Trigger = {
  /** Of a run that is run again, which keeps its id. */
  runId?: string
  attempt?: number
  event: string
  /** The event's payload, without `inputs` of workflow_dispatch. */
  payload?: Record<string, unknown>
  /** `refs/heads/main` by default. */
  ref?: string
  sha?: string
  actor?: string
  /** Branches of a pull request. */
  headRef?: string
  baseRef?: string
}

/** A job that asks GitHub for a token: whose it is, what it may do, and what its claims say. */
export type JobIdentity = {
  repository: Repository
  job: string
  trigger: Trigger
  environment: string | undefined
  permissions: Permissions
  /** `owner/name/.github/workflows/x.yml@ref` of the run, and of the called workflow that the job stands in. */
  workflowRef: string
  jobWorkflowRef: string
}

/** Where jobs get their tokens; without it there are none. */
export type TokenService = {
  /** The value of `github.token`. */
  githubToken?(job: JobIdentity): string
  /** ACTIONS_ID_TOKEN_REQUEST_*, asked for only by jobs with `id-token: write`. */
  idToken?(job: JobIdentity): Record<string, string>
}

/** Does what an action's main step does, in another way than by a process of its own. */
export type Performer = (asked: {
  directory: string
  env: Readonly<Record<string, string | undefined>>
  signal: AbortSignal
  onLine(line: string): void
}) => Promise<{ ok: boolean; annotations: Annotation[]; outputs: Record<string, string>; summary: string }>

/** What is set for an environment of the repository. */
export type EnvironmentSettings = { vars?: Record<string, string>; secrets?: Record<string, string> }

/** Facts that all jobs of one run share. */
export type RunContext = {
  repository: Repository
  /** What actions/checkout gives to a job for its `ref`, as a directory; '' is what the run is for. Throws for what is not there. */
  checkout(ref: string): string
  repositories: Repositories
  /** The machine's environment: nothing of the process that runs the lab gets in by itself. */
  machine: Readonly<Record<string, string | undefined>>
  /** Of jobs that run on another machine, by their ids. */
  machines: Readonly<Record<string, RunContext['machine']>>
  temp: string
  runId: string
  trigger: Trigger
  payload: unknown
  vars: Readonly<Record<string, string>>
  secrets: Readonly<Record<string, string>>
  environments: Readonly<Record<string, EnvironmentSettings>>
  tokens: TokenService
  perform: Performer | undefined
  concurrency: Concurrency
  /** Name of the workflow that the run is of, also in the workflows that it calls. */
  workflow: string
  workflowRef: string
  signal: AbortSignal
  emit(event: RunEvent): void
  /** Work that the run must not wait for until its end. */
  later(work: Promise<unknown>): void
}
