import type { Finished } from './job-results.ts'
import type { Permissions } from './permissions.ts'
import type { Source } from './repositories.ts'
import type { RunContext } from './run-context.ts'
import type { JobRun } from './run-report.ts'
import type { InputValue } from './workflow-inputs.ts'
import type { Workflow } from './workflow-model.ts'

export type GraphRun = { runs: JobRun[]; finished: Map<string, Finished> }

export type GraphOptions = {
  inputs: Record<string, InputValue>
  /** Of the names of jobs: the jobs that called this workflow. */
  prefix: string
  /** Where the workflow file comes from. */
  source: Source
  /** What the calling job's token may do; GitHub's default at the top. */
  permissions?: Permissions
  /** Concurrency groups that this run is in, and by which name. */
  held: Readonly<Record<string, string>>
}

/** Runs the jobs of a workflow, each as soon as those it needs have ended. */
export type RunGraph = (run: RunContext, workflow: Workflow, options: GraphOptions) => Promise<GraphRun>

/** A workflow that runs. */
export type Graph = {
  run: RunContext
  workflow: Workflow
  options: GraphOptions
  finished: Map<string, Finished>
}
