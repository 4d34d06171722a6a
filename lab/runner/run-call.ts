import { isFields } from '@meridian/lab-world/json'
import { type CallJob, callOf } from './check-calls.ts'
import { inGroup, readGroup } from './concurrency.ts'
import { render, renderTexts, type Scope } from './expressions.ts'
import type { Graph, RunGraph } from './graph.ts'
import { combineResults } from './job-results.ts'
import { notRun } from './not-run.ts'
import { permissionsOf } from './permissions.ts'
import { locateWorkflow } from './repositories.ts'
import type { LegEnd } from './run-legs.ts'
import { readWorkflow } from './workflow-file.ts'
import { checkInputs, type InputValue } from './workflow-inputs.ts'

/**
 * Runs the workflow that a job calls, with `runGraph`, in the name of the run: `github`, `vars` and environments are the
 * caller's.
 */
export async function runCall(
  { run, workflow, options }: Graph,
  job: CallJob,
  scope: Scope,
  place: { prefix: string; signal: AbortSignal; held: Readonly<Record<string, string>> },
  runGraph: RunGraph,
): Promise<LegEnd> {
  const { file, source } = locateWorkflow(job.uses, options.source, run.repositories)
  const called = await readWorkflow(file)
  const { inputs: definitions, outputs: wanted } = callOf(called, job)
  const inputs = checkInputs(definitions, scalarsOf(render(job.with ?? {}, scope)))
  const secrets =
    job.secrets === 'inherit' ? run.secrets : renderTexts(job.secrets, scope, `${job.id}.secrets`)
  const contexts = { ...scope.contexts, inputs }
  return inGroup(
    run.concurrency,
    readGroup(called.concurrency, { contexts }),
    { name: job.id, held: place.held },
    place.signal,
    async ({ signal, held }) => {
      const permissions = permissionsOf(job, workflow, options)
      const within = { inputs, prefix: place.prefix, source, permissions, held }
      const inner = await runGraph({ ...run, secrets, signal }, called, within)
      const jobs = Object.fromEntries(inner.finished)
      const outputs = renderTexts(wanted, { contexts: { ...contexts, jobs } }, 'outputs')
      const result = combineResults([...inner.finished.values()].map(end => end.result))
      return { runs: inner.runs, result, outputs }
    },
    reason => notRun(run, job, place.prefix.replace(/ \/ $/, ''), 'cancelled', reason),
  )
}

function scalarsOf(inputs: unknown): Record<string, InputValue> {
  const entries = Object.entries(isFields(inputs) ? inputs : {}).map(([name, value]) => {
    const typed = typeof value === 'boolean' || typeof value === 'number' ? value : String(value ?? '')
    return [name, typed] as const
  })
  return Object.fromEntries(entries)
}
