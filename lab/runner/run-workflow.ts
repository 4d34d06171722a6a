import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { checkCalls } from './check-calls.ts'
import { type Concurrency, createConcurrency, inGroup, readGroup } from './concurrency.ts'
import { render } from './expressions.ts'
import { noCommit } from './github-variables.ts'
import type { GraphRun } from './graph.ts'
import { combineResults } from './job-results.ts'
import { notRun } from './not-run.ts'
import { ownRepository, type Repositories, type Repository, type Source } from './repositories.ts'
import type { EnvironmentSettings, Performer, RunContext, TokenService, Trigger } from './run-context.ts'
import { runGraph, workflowGithubContext, workflowRef } from './run-graph.ts'
import type { RunEvent, WorkflowRun } from './run-report.ts'
import { scratchRoot } from './scratch-root.ts'
import { readWorkflow } from './workflow-file.ts'
import { checkInputs, type InputValue } from './workflow-inputs.ts'
import type { Workflow } from './workflow-model.ts'

export type WorkflowRequest = {
  /** The workflow file, below `workspace`. */
  file: string
  /** The root of the repository: what actions/checkout gives to jobs, and what `uses: ./…` refers to. */
  workspace: string
  /** The repository's root at another branch, tag or commit than the run's; undefined where there is none. */
  commits?(ref: string): string | undefined
  /** The repository that the run is of; this one by default. */
  repository?: Repository
  /** Where files of other repositories are that are named by `uses:`. The run's own is among them. */
  repositories?: Repositories
  /** What starts it; `workflow_dispatch` by default. */
  trigger?: Trigger
  /** Inputs of workflow_dispatch, as text. */
  inputs?: Record<string, string>
  /** The environment of the machine that jobs run on. */
  env: Readonly<Record<string, string | undefined>>
  /** The machines of jobs that run on another, by the jobs' ids. */
  machines?: Readonly<Record<string, Readonly<Record<string, string>>>>
  vars?: Record<string, string>
  secrets?: Record<string, string>
  /** What is set for the environments of the repository, by their names. */
  environments?: Record<string, EnvironmentSettings>
  tokens?: TokenService
  /** Carries actions out instead of processes of theirs, for many runs in little time. */
  perform?: Performer
  /** The groups that this run shares with others of its repository; its own by default. */
  concurrency?: Concurrency
  /** Cancels the run as GitHub's "Cancel workflow" does. */
  signal?: AbortSignal
  onEvent?(event: RunEvent): void
}

/**
 * Runs a workflow file as GitHub does.
 * Throws before anything runs when the file is invalid or one that it calls is, uses what this runner does not carry out, or
 * the inputs are wrong; a job that fails is part of the result.
 */
export async function runWorkflow(request: WorkflowRequest): Promise<WorkflowRun> {
  const { trigger = { event: 'workflow_dispatch' }, repository = ownRepository() } = request
  const workflow = await readWorkflow(request.file)
  if (!workflow.events.includes(trigger.event)) throw new Error(`${request.file} has no ${trigger.event}`)
  const inputs = trigger.event === 'workflow_dispatch' ? dispatchInputs(workflow, request) : {}
  const { ref = 'refs/heads/main' } = trigger
  const source = { slug: repository.slug, ref, directory: request.workspace }
  const repositories = { [repository.slug]: request.workspace, ...request.repositories }
  await checkCalls(workflow, { source }, repositories)
  const temp = await mkdtemp(join(await scratchRoot(), 'meridian-run-'))
  const startedAt = Date.now()
  const pending: Promise<unknown>[] = []
  const run: RunContext = {
    repository,
    checkout: wanted => findCommit(wanted, request),
    repositories,
    machine: request.env,
    machines: request.machines ?? {},
    temp,
    runId: trigger.runId ?? String(startedAt),
    trigger,
    payload: { ...trigger.payload, inputs, workflow: request.file },
    vars: request.vars ?? {},
    secrets: request.secrets ?? {},
    environments: request.environments ?? {},
    tokens: request.tokens ?? {},
    perform: request.perform,
    concurrency: request.concurrency ?? createConcurrency(),
    workflow: workflow.name,
    workflowRef: workflowRef(workflow, source),
    signal: request.signal ?? new AbortController().signal,
    emit: event => request.onEvent?.(event),
    later: work => void pending.push(work),
  }
  try {
    const graph = await runInGroup(run, workflow, inputs, source)
    return report(workflow, graph, { inputs, startedAt })
  } finally {
    await Promise.allSettled(pending)
    await rm(temp, { recursive: true, force: true })
  }
}

/** As actions/checkout: the run's own commit by any of its names, or another of the repository. */
function findCommit(wanted: string, { trigger, workspace, commits }: WorkflowRequest): string {
  const { ref = 'refs/heads/main', sha = noCommit } = trigger ?? {}
  if (['', ref, ref.replace(/^refs\/(heads|tags)\//, ''), sha].includes(wanted)) return workspace
  const found = commits?.(wanted)
  if (found === undefined)
    throw new Error(`A branch, tag or commit with the name '${wanted}' could not be found`)
  return found
}

function dispatchInputs(workflow: Workflow, { inputs = {} }: WorkflowRequest): Record<string, InputValue> {
  return checkInputs(workflow.dispatch ?? {}, inputs)
}

/** A run that loses its place in its group before it began has run nothing, not even what says `always()`. */
async function runInGroup(
  run: RunContext,
  workflow: Workflow,
  inputs: Record<string, InputValue>,
  source: Source,
): Promise<GraphRun> {
  const contexts = { github: workflowGithubContext(run, ''), inputs, vars: run.vars }
  return inGroup(
    run.concurrency,
    readGroup(workflow.concurrency, { contexts }),
    { name: 'top level workflow', held: {} },
    run.signal,
    ({ signal, held }) => runGraph({ ...run, signal }, workflow, { inputs, prefix: '', source, held }),
    reason => {
      const ends = workflow.jobs.map(job => [job.id, notRun(run, job, job.id, 'cancelled', reason)] as const)
      return { runs: ends.flatMap(([, end]) => end.runs), finished: new Map(ends) }
    },
  )
}

function report(
  workflow: Workflow,
  graph: GraphRun,
  { inputs, startedAt }: { inputs: Record<string, InputValue>; startedAt: number },
): WorkflowRun {
  const jobs = Object.fromEntries(graph.finished)
  return {
    name: workflow.name,
    result: combineResults([...graph.finished.values()].map(job => job.result)),
    startedAt,
    seconds: (Date.now() - startedAt) / 1000,
    jobs: graph.runs,
    jobOutputs: Object.fromEntries([...graph.finished].map(([id, job]) => [id, job.outputs])),
    outputs: Object.fromEntries(
      Object.entries(workflow.call?.outputs ?? {}).map(([name, value]) => [
        name,
        String(render(value, { contexts: { jobs, inputs } }) ?? ''),
      ]),
    ),
  }
}
