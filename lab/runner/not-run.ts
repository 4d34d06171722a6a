import type { RunContext } from './run-context.ts'
import type { LegEnd } from './run-legs.ts'
import type { JobRun, Result } from './run-report.ts'
import type { JobDefinition } from './workflow-model.ts'

/** A job that did not run; where it says why, it has one step that does. */
export function notRun(
  run: RunContext,
  job: JobDefinition,
  name: string,
  result: Result,
  reason?: string,
): LegEnd {
  run.emit({ type: 'job-finished', job: name, result, seconds: 0 })
  const empty = emptyRun(job, name, result)
  if (reason === undefined) return { runs: [empty], result, outputs: {} }
  const outcome = { outcome: result, conclusion: result, startedAt: Date.now(), seconds: 0 } as const
  const said = { annotations: [{ level: 'error' as const, message: reason }], log: [reason] }
  const steps = [{ name: 'Set up job', ...outcome, outputs: {}, summary: '', ...said }]
  return { runs: [{ ...empty, steps }], result, outputs: {} }
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
