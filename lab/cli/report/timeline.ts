import type { LabReport, ReportJob } from '../lab-report.ts'
import { type Html, html } from './html.ts'

/** Bars for every job on a common axis of seconds; a job opens to show its steps. */
export function renderTimeline({ jobs, seconds }: LabReport): Html {
  const workflows = [...new Set(jobs.map(job => job.workflow))]
  const total = Math.max(seconds, 0.001)
  return html`<div class="timeline">
<div class="row axis"><span></span><div class="track">${ticks(total).map(at => html`<i style="left:${percent(at, total)}">${at}s</i>`)}</div></div>
${workflows.map(
  workflow => html`<h3>${workflow}</h3>
${jobs.filter(job => job.workflow === workflow).map(job => renderJob(job, total))}`,
)}
</div>`
}

/** Round numbers of seconds, at most seven of them, that fit below the total. */
export function ticks(total: number): number[] {
  const step =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600].find(size => total / size <= 7) ?? Math.ceil(total / 7)
  return Array.from({ length: Math.floor(total / step) + 1 }, (_, at) => at * step)
}

function renderJob(job: ReportJob, total: number): Html {
  const needs = job.needs.length > 0 ? ` after ${job.needs.join(', ')}` : ''
  return html`<details><summary class="row"><span class="name ${job.result}">${job.name}</span>
<div class="track">${bar(job, total, job.result)}</div></summary>
<p class="quiet">${job.result}, ${job.seconds}s${needs}</p>
${job.steps.map(
  step => html`<div class="row step"><span class="name">${step.name}</span>
<div class="track">${bar(step, total, step.result)}</div></div>
`,
)}</details>
`
}

function bar(
  span: { name: string; startedAt: number; seconds: number },
  total: number,
  result: string,
): Html {
  const right = (span.startedAt + span.seconds) / total > 0.85
  return html`<b class="bar ${result}" style="left:${percent(span.startedAt, total)};width:${percent(span.seconds, total)}"
 title="${span.name}: ${span.seconds}s"></b><em class="${right ? 'before' : 'after'}" style="${
   right
     ? `right:${percent(total - span.startedAt, total)}`
     : `left:${percent(span.startedAt + span.seconds, total)}`
 }">${span.seconds.toFixed(1)}s</em>`
}

function percent(value: number, total: number): string {
  return `${Math.min(100, Math.max(0, (100 * value) / total)).toFixed(2)}%`
}
