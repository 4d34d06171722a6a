import { readableLine } from '../job-board.ts'
import type { LabReport, ReportDelay, ReportJob, ReportStep } from '../lab-report.ts'
import { delaysOf, mergeSpans, realClock, spanOf } from '../timing.ts'
import { describeSeconds, roughly } from './duration.ts'
import { type Html, html } from './html.ts'
import { renderMarkdown } from './markdown.ts'
import { renderTable } from './tables.ts'

const signs = { success: '✓', failure: '✗', cancelled: '⊘', skipped: '–' }

/** Every job with its steps: what each wrote as its summary, what it printed, and what the job waited for. */
export function renderJobs(report: LabReport): Html {
  const real = realClock(report)
  return html`${report.jobs.map((job, at) => {
    const open = job.result === 'failure' ? ' open' : ''
    const time =
      job.steps.length === 0
        ? ''
        : `${describeSeconds(job.seconds)} here, about ${roughly(real(spanOf(job)))} in the real world`
    return html`<details class="job"${{ markup: open }}><summary><h3>${renderSign(job.result)} ${job.workflow}: ${job.name}</h3><span class="quiet">${time}</span></summary>
<div id="job-${at}">${job.needs.length > 0 ? html`<p class="quiet">It waited for ${job.needs.join(', ')}.</p>` : undefined}${job.steps.filter(({ result }) => result !== 'skipped').map(renderStep)}${renderWaits(job, report)}</div></details>
`
  })}`
}

function renderSign(result: ReportJob['result']): Html {
  return html`<span class="sign ${result}" role="img" aria-label="${result}">${signs[result]}</span>`
}

function renderStep(step: ReportStep): Html {
  const lines = step.log.flatMap(renderLine)
  const summary = step.summary.trim() === '' ? undefined : renderMarkdown(step.summary)
  return html`<div class="step"><p class="title">${renderSign(step.result)} <b>${step.name}</b> <span class="quiet">${step.result === 'skipped' ? 'skipped' : describeSeconds(step.seconds)}</span></p>
${summary && html`<div class="summary">${summary}</div>`}${
  lines.length > 0
    ? html`<details class="log"><summary>Log, ${lines.length} ${lines.length === 1 ? 'line' : 'lines'}</summary><pre tabindex="0" aria-label="Log of ${step.name}">${lines}</pre></details>`
    : undefined
}</div>
`
}

/** A line of a log as people read it; annotations and titles of groups are known by their class. */
function renderLine(line: string): Html | [] {
  const text = readableLine(line)
  if (text === undefined) return []
  const kind = /^::(error|warning|notice|group)\b/.exec(line)?.[1] ?? ''
  return html`<span class="line ${kind}">${text}
</span>`
}

/** What was on its way, by kind: how many, how long any of them was. */
function renderWaits(job: ReportJob, report: LabReport): Html | undefined {
  const delays = delaysOf(job, report)
  if (delays.length === 0) return undefined
  const kinds = [...new Set(delays.map(({ what }) => what))]
  const rows = kinds.map(what => {
    const some = delays.filter(delay => delay.what === what)
    const seconds = waitedFor(some)
    return [what, some.length, describeSeconds(seconds), roughly(seconds * report.scale)]
  })
  return html`<p class="title"><b>What it waited for</b></p>${renderTable(['What', 'Times', 'Here', 'In the real world'], rows, true)}`
}

const waitedFor = (delays: readonly ReportDelay[]): number =>
  mergeSpans(delays).reduce((sum, { from, to }) => sum + to - from, 0)
