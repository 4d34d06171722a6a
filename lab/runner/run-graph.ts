import { inGroup, readGroup } from './concurrency.ts'
import { isTrue, renderText, type Scope } from './expressions.ts'
import { githubVariables } from './github-variables.ts'
import type { Graph, GraphOptions, GraphRun } from './graph.ts'
import {
  ancestorsOf,
  combineOutputs,
  combineResults,
  type Finished,
  statusOfAncestors,
} from './job-results.ts'
import { githubContext } from './job-state.ts'
import { legName, readStrategy } from './matrix.ts'
import { notRun } from './not-run.ts'
import { permissionsOf } from './permissions.ts'
import type { Source } from './repositories.ts'
import { runCall } from './run-call.ts'
import type { RunContext } from './run-context.ts'
import { runJob } from './run-job.ts'
import { type Leg, type LegEnd, runLegs } from './run-legs.ts'
import type { JobRun } from './run-report.ts'
import type { JobDefinition, Workflow } from './workflow-model.ts'

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
  { leg }: Leg,
  scope: Scope,
  signal: AbortSignal,
): Promise<LegEnd> {
  const { run, options } = graph
  const name = legTitle(job, leg, scope, options.prefix)
  const own = withLeg(scope, leg)
  const group = readGroup(job.concurrency, own)
  return inGroup(
    run.concurrency,
    group,
    { name: job.id, held: options.held },
    signal,
    inside => {
      if (job.kind === 'call') return runCall(graph, job, own, { prefix: `${name} / `, ...inside }, runGraph)
      return runSteps(graph, job, { name, leg, scope: own }, inside.signal)
    },
    reason => notRun(run, job, name, 'cancelled', reason),
  )
}

async function runSteps(
  { run, workflow, options }: Graph,
  job: JobDefinition & { kind: 'steps' },
  { name, leg, scope }: { name: string; leg: Leg['leg']; scope: Scope },
  signal: AbortSignal,
): Promise<LegEnd> {
  const facts = {
    id: job.id,
    name,
    leg,
    contexts: scope.contexts,
    permissions: permissionsOf(job, workflow, options),
    environment: renderText(job.environment, scope, 'environment'),
    jobWorkflowRef: workflowRef(workflow, options.source),
  }
  const ended = await runJob(run, workflow, job, facts, signal)
  run.emit({ type: 'job-finished', job: name, result: ended.result, seconds: ended.seconds })
  return { runs: [ended], result: ended.result, outputs: ended.outputs }
}

/** `owner/name/.github/workflows/x.yml@refs/heads/main` */
export function workflowRef({ file }: Pick<Workflow, 'file'>, { slug, ref }: Source): string {
  return `${slug}/.github/workflows/${file.split('/').at(-1)}@${ref}`
}

function jobScope({ run, workflow, options, finished }: Graph, job: JobDefinition): Scope {
  const results = ancestorsOf(job.id, workflow.jobs).map(id => finished.get(id)?.result ?? 'skipped')
  return {
    contexts: {
      github: workflowGithubContext(run, job.id),
      inputs: options.inputs,
      needs: Object.fromEntries(job.needs.map(id => [id, finished.get(id)])),
      secrets: run.secrets,
      vars: run.vars,
    },
    status: statusOfAncestors(results, run.signal.aborted),
  }
}

/** The `github` context outside of a job's steps. */
export function workflowGithubContext(run: RunContext, job: string): Record<string, unknown> {
  return githubContext(githubVariables({ ...run, workspace: '', temp: '', job }), run)
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

/** A job whose strategy, name or called workflow is wrong fails with one step that says so. */
function notStarted(run: RunContext, job: JobDefinition, name: string, error: unknown): LegEnd {
  return notRun(run, job, name, 'failure', error instanceof Error ? error.message : String(error))
}
