import { join } from 'node:path'
import { isTrue, render, renderText, renderTexts, type Scope } from './expressions.ts'
import { githubVariables } from './github-variables.ts'
import {
  ancestorsOf,
  combineOutputs,
  combineResults,
  type Finished,
  statusOfAncestors,
} from './job-results.ts'
import { githubContext } from './job-state.ts'
import { legName, readStrategy } from './matrix.ts'
import { runJob } from './run-job.ts'
import { type Leg, type LegEnd, runLegs } from './run-legs.ts'
import type { JobRun, Result, RunContext } from './run-report.ts'
import { isRecord } from './supported-syntax.ts'
import { readWorkflow } from './workflow-file.ts'
import { checkInputs, type InputValue } from './workflow-inputs.ts'
import type { JobDefinition, Workflow } from './workflow-model.ts'

export type GraphRun = { runs: JobRun[]; finished: Map<string, Finished> }
export type GraphOptions = { inputs: Record<string, InputValue>; prefix: string }

/** Runs the jobs of a workflow, each as soon as those it needs have ended. */
export async function runGraph(
  run: RunContext,
  workflow: Workflow,
  options: GraphOptions,
): Promise<GraphRun> {
  const runs = new Map<string, JobRun[]>()
  const finished = new Map<string, Finished>()
  const started = new Map<string, Promise<void>>()
  const start = (job: JobDefinition): Promise<void> => {
    const known = started.get(job.id)
    if (known) return known
    const needed = workflow.jobs.filter(other => job.needs.includes(other.id))
    if (needed.length > 0)
      run.emit({ type: 'job-waiting', job: options.prefix + displayName(job), needs: job.needs })
    const work = Promise.all(needed.map(start)).then(async () => {
      const ended = await runWhenAllowed({ run, workflow, options, finished }, job)
      runs.set(job.id, ended.runs)
      finished.set(job.id, ended)
    })
    started.set(job.id, work)
    return work
  }
  await Promise.all(workflow.jobs.map(start))
  return { runs: workflow.jobs.flatMap(job => runs.get(job.id) ?? []), finished }
}

export type Graph = {
  run: RunContext
  workflow: Workflow
  options: GraphOptions
  finished: Map<string, Finished>
}

async function runWhenAllowed(graph: Graph, job: JobDefinition): Promise<LegEnd> {
  const { run, options } = graph
  const name = options.prefix + displayName(job)
  const scope = jobScope(graph, job)
  if (!isTrue(job.if, scope)) return notRun(run, job, name, run.signal.aborted ? 'cancelled' : 'skipped')
  try {
    const strategy = readStrategy(job.strategy, scope)
    const work = {
      run: (leg: Leg, signal: AbortSignal) => runLeg(graph, job, leg, scope, signal),
      cancelled: ({ leg }: Leg) => notRun(run, job, legTitle(job, leg, scope, options.prefix), 'cancelled'),
    }
    // A job that runs in a cancelled workflow (always()) is not cancelled at once.
    const signal = run.signal.aborted ? new AbortController().signal : run.signal
    const ends = await runLegs(strategy, work, signal)
    const result = combineResults(ends.map(end => end.result))
    const runs = ends.toSorted((a, b) => a.index - b.index).flatMap(end => end.runs)
    return { runs, result, outputs: combineOutputs(ends) }
  } catch (error) {
    return notStarted(run, job, name, error)
  }
}

async function runLeg(
  graph: Graph,
  job: JobDefinition,
  leg: Leg,
  scope: Scope,
  signal: AbortSignal,
): Promise<LegEnd> {
  const { run, workflow, options } = graph
  const name = legTitle(job, leg.leg, scope, options.prefix)
  if (job.kind === 'call')
    return runCall(graph, job, withLeg(scope, leg.leg), { prefix: `${name} / `, signal })
  const facts = { id: job.id, name, workflow: workflow.name, leg: leg.leg, contexts: scope.contexts }
  const ended = await runJob(run, workflow, job, facts, signal)
  run.emit({ type: 'job-finished', job: name, result: ended.result, seconds: ended.seconds })
  return { runs: [ended], result: ended.result, outputs: ended.outputs }
}

async function runCall(
  { run }: Graph,
  job: JobDefinition & { kind: 'call' },
  scope: Scope,
  { prefix, signal }: { prefix: string; signal: AbortSignal },
): Promise<LegEnd> {
  const called = await readWorkflow(join(run.repository, job.uses))
  if (!called.call) throw new Error(`${job.uses} has no workflow_call`)
  const inputs = checkInputs(called.call.inputs, scalarsOf(render(job.with ?? {}, scope)))
  const secrets =
    job.secrets === 'inherit' ? run.secrets : renderTexts(job.secrets, scope, `${job.id}.secrets`)
  const inner = await runGraph({ ...run, secrets, signal }, called, { inputs, prefix })
  const jobs = Object.fromEntries(inner.finished)
  const outputs = renderTexts(
    called.call.outputs,
    { contexts: { ...scope.contexts, jobs, inputs } },
    'outputs',
  )
  const result = combineResults([...inner.finished.values()].map(end => end.result))
  return { runs: inner.runs, result, outputs }
}

function scalarsOf(inputs: unknown): Record<string, InputValue> {
  const entries = Object.entries(isRecord(inputs) ? inputs : {}).map(([name, value]) => {
    const typed = typeof value === 'boolean' || typeof value === 'number' ? value : String(value ?? '')
    return [name, typed] as const
  })
  return Object.fromEntries(entries)
}

function jobScope({ run, workflow, options, finished }: Graph, job: JobDefinition): Scope {
  const results = ancestorsOf(job.id, workflow.jobs).map(id => finished.get(id)?.result ?? 'skipped')
  const facts = {
    workspace: '',
    temp: '',
    event: run.event,
    workflow: workflow.name,
    job: job.id,
    runId: run.runId,
  }
  return {
    contexts: {
      github: githubContext(githubVariables(facts), run),
      inputs: options.inputs,
      needs: Object.fromEntries(job.needs.map(id => [id, finished.get(id)])),
      secrets: run.secrets,
      vars: run.vars,
    },
    status: statusOfAncestors(results, run.signal.aborted),
  }
}

function withLeg(scope: Scope, leg: unknown): Scope {
  return { ...scope, contexts: { ...scope.contexts, matrix: leg ?? null } }
}

function displayName(job: JobDefinition): string {
  return typeof job.name === 'string' && !job.name.includes('${{') ? job.name : job.id
}

function legTitle(job: JobDefinition, leg: Leg['leg'], scope: Scope, prefix: string): string {
  const name =
    job.name === undefined ? legName(job.id, leg) : renderText(job.name, withLeg(scope, leg), 'name')
  return prefix + name
}

function notRun(run: RunContext, job: JobDefinition, name: string, result: Result): LegEnd {
  run.emit({ type: 'job-finished', job: name, result, seconds: 0 })
  return { runs: [emptyRun(job, name, result)], result, outputs: {} }
}

/** A job whose strategy, name or called workflow is wrong fails with one step that says so. */
function notStarted(run: RunContext, job: JobDefinition, name: string, error: unknown): LegEnd {
  const message = error instanceof Error ? error.message : String(error)
  run.emit({ type: 'job-finished', job: name, result: 'failure', seconds: 0 })
  const outcome = { outcome: 'failure', conclusion: 'failure', startedAt: Date.now(), seconds: 0 } as const
  const said = {
    outputs: {},
    summary: '',
    annotations: [{ level: 'error' as const, message }],
    log: [message],
  }
  const steps = [{ name: 'Set up job', ...outcome, ...said }]
  return { runs: [{ ...emptyRun(job, name, 'failure'), steps }], result: 'failure', outputs: {} }
}

function emptyRun(job: JobDefinition, name: string, result: Result): JobRun {
  return {
    id: job.id,
    name,
    needs: job.needs,
    result,
    startedAt: Date.now(),
    seconds: 0,
    outputs: {},
    steps: [],
  }
}
