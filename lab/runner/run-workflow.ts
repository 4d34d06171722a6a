import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { render } from './expressions.ts'
import { combineResults } from './job-results.ts'
import { runGraph } from './run-graph.ts'
import type { RunContext, RunEvent, WorkflowRun } from './run-report.ts'
import { scratchRoot } from './scratch-root.ts'
import { readWorkflow } from './workflow-file.ts'
import { checkInputs } from './workflow-inputs.ts'

export type WorkflowRequest = {
  /** The workflow file, below `workspace`. */
  file: string
  /** The root of the repository: what actions/checkout gives to jobs, and what `uses: ./…` refers to. */
  workspace: string
  /** Inputs of workflow_dispatch, as text. */
  inputs?: Record<string, string>
  /** The environment of the machine that jobs run on. */
  env: Readonly<Record<string, string | undefined>>
  vars?: Record<string, string>
  secrets?: Record<string, string>
  /** Cancels the run as GitHub's "Cancel workflow" does. */
  signal?: AbortSignal
  onEvent?(event: RunEvent): void
}

/**
 * Runs a workflow file for the event workflow_dispatch, as GitHub does.
 * Throws before anything runs when the file is invalid, uses what this runner does not carry out, or the inputs
 * are wrong; a job that fails is part of the result.
 */
export async function runWorkflow(request: WorkflowRequest): Promise<WorkflowRun> {
  const workflow = await readWorkflow(request.file)
  if (!workflow.dispatch) throw new Error(`${request.file} has no workflow_dispatch`)
  const inputs = checkInputs(workflow.dispatch, request.inputs ?? {})
  const temp = await mkdtemp(join(await scratchRoot(), 'meridian-run-'))
  const startedAt = Date.now()
  const pending: Promise<unknown>[] = []
  const run: RunContext = {
    repository: request.workspace,
    machine: request.env,
    temp,
    runId: String(startedAt),
    event: 'workflow_dispatch',
    payload: { inputs, workflow: request.file },
    vars: request.vars ?? {},
    secrets: request.secrets ?? {},
    signal: request.signal ?? new AbortController().signal,
    emit: event => request.onEvent?.(event),
    later: work => void pending.push(work),
  }
  try {
    const graph = await runGraph(run, workflow, { inputs, prefix: '' })
    return {
      name: workflow.name,
      result: combineResults([...graph.finished.values()].map(job => job.result)),
      startedAt,
      seconds: (Date.now() - startedAt) / 1000,
      jobs: graph.runs,
      jobOutputs: Object.fromEntries([...graph.finished].map(([id, job]) => [id, job.outputs])),
      outputs: Object.fromEntries(
        Object.entries(workflow.call?.outputs ?? {}).map(([name, value]) => {
          const jobs = Object.fromEntries(graph.finished)
          return [name, String(render(value, { contexts: { jobs, inputs } }) ?? '')]
        }),
      ),
    }
  } finally {
    await Promise.allSettled(pending)
    await rm(temp, { recursive: true, force: true })
  }
}
