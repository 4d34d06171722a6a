import type { Annotation } from './workflow-commands.ts'

export type Result = 'success' | 'failure' | 'cancelled' | 'skipped'

export type StepRun = {
  name: string
  /** What happened, and what it counts as (`continue-on-error` turns a failure into a success). */
  outcome: Result
  conclusion: Result
  /** Milliseconds since the epoch. */
  startedAt: number
  seconds: number
  outputs: Record<string, string>
  annotations: Annotation[]
  summary: string
  /** Output lines, with masks applied and workflow commands included. */
  log: string[]
}

export type JobRun = {
  id: string
  /** As GitHub shows it: legs of a matrix and jobs of a called workflow have names of their own. */
  name: string
  needs: string[]
  result: Result
  startedAt: number
  seconds: number
  outputs: Record<string, string>
  steps: StepRun[]
}

export type WorkflowRun = {
  name: string
  result: Result
  startedAt: number
  seconds: number
  /** Every job that ran or was skipped, those of called workflows included, in the order of the file. */
  jobs: JobRun[]
  /** Outputs by job id, as `needs` sees them, and of the workflow when it was called. */
  jobOutputs: Record<string, Record<string, string>>
  outputs: Record<string, string>
}

export type RunEvent =
  | { type: 'job-waiting'; job: string; needs: string[] }
  | { type: 'job-started'; job: string }
  | { type: 'step-started'; job: string; step: string }
  | { type: 'line'; job: string; step: string; text: string }
  | { type: 'step-finished'; job: string; step: string; conclusion: Result; seconds: number }
  | { type: 'job-finished'; job: string; result: Result; seconds: number }
