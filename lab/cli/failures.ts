import type { JobRun, StepRun, WorkflowRun } from '@meridian/lab-runner'
import { readableLine } from './job-board.ts'
import type { ReportFailure } from './lab-report.ts'

/**
 * What failed in the runs: the errors that steps have told, in order. An action's error has what to do about it in the lines after
 * its first. A step that told none is known by the last line that it printed.
 */
export function failuresOf(runs: readonly WorkflowRun[]): ReportFailure[] {
  return runs.flatMap(run =>
    run.jobs
      .filter(({ result }) => result === 'failure' || result === 'cancelled')
      .flatMap(job => failuresOfJob(job).map(failure => ({ workflow: run.name, job: job.name, ...failure }))),
  )
}

type Failure = Omit<ReportFailure, 'workflow' | 'job'>

function failuresOfJob(job: JobRun): Failure[] {
  const broken = job.steps.filter(step => step.conclusion === 'failure' || step.conclusion === 'cancelled')
  if (broken.length > 0) return broken.flatMap(failuresOfStep)
  const message = job.result === 'cancelled' ? 'It was cancelled before it began.' : 'It failed.'
  return [{ step: '', message, fix: '' }]
}

function failuresOfStep(step: StepRun): Failure[] {
  const errors = step.annotations.filter(({ level }) => level === 'error')
  if (errors.length === 0) {
    const last = step.log.flatMap(line => readableLine(line) ?? []).at(-1)
    const what = step.conclusion === 'cancelled' ? 'It was cancelled' : 'It failed'
    return [{ step: step.name, message: last ? `${what}; its last line: ${last}` : `${what}.`, fix: '' }]
  }
  return errors.map(({ message }) => {
    const [first = '', ...rest] = message.split('\n')
    return { step: step.name, message: first, fix: rest.join(' ').trim() }
  })
}
