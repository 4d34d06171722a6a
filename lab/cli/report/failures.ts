import type { LabReport, ReportFailure } from '../lab-report.ts'
import { type Html, html } from './html.ts'

/** What went wrong, the error first and what to do about it; nothing where all went well. */
export function renderFailures({ failures, problems, jobs }: LabReport): Html | undefined {
  if (problems.length === 0) return undefined
  const idle = jobs.filter(job => job.steps.length === 0)
  const ran = failures.filter(({ job, workflow }) => !idle.some(isOf({ job, workflow })))
  // What a job has told as its error, and that others did not begin for it, needs no words of its own.
  const told = [...failures, ...idle.map(job => ({ workflow: job.workflow, job: job.name }))]
  const others = problems.filter(
    problem => !told.some(({ workflow, job }) => problem.startsWith(`${workflow}: job ${job}: `)),
  )
  const alike = Object.values(Object.groupBy(ran, ({ message, fix }) => `${message}\n${fix}`))
  const errors = alike.map((some = []) => renderFailure(some, jobs))
  return html`<section class="failures" aria-labelledby="what-went-wrong"><h2 id="what-went-wrong">What went wrong</h2>
<ol>${errors}${others.map(problem => html`<li><p class="message">${problem}</p></li>`)}</ol>${
    idle.length > 0
      ? html`<p class="quiet">Not begun: ${idle.map(({ name }) => name).join(', ')}.</p>`
      : undefined
  }</section>
`
}

const isOf =
  ({ workflow, job }: Pick<ReportFailure, 'workflow' | 'job'>) =>
  (other: LabReport['jobs'][number]): boolean =>
    other.workflow === workflow && other.name === job

/** An error that one job has told, or several alike. */
function renderFailure(alike: readonly ReportFailure[], jobs: LabReport['jobs']): Html {
  const { message = '', fix = '' } = alike[0] ?? {}
  const advice = fix === '' ? undefined : html`<p class="fix"><b>What to do:</b> ${fix}</p>`
  const places = alike.map(({ workflow, job, step }) => {
    const number = jobs.findIndex(isOf({ workflow, job }))
    return html`<li><a href="#job-${number}">${workflow}: ${job}</a>, step <i>${step}</i></li>`
  })
  return html`<li><p class="message">${message}</p>${advice}<ul class="quiet">${places}</ul></li>`
}
