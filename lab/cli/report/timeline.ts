import type { LabReport, ReportJob } from '../lab-report.ts'
import { type CriticalPath, criticalPath, realClock, type Span, spanOf, waitsOf } from '../timing.ts'
import { describeSeconds, roughly } from './duration.ts'
import { type Html, html } from './html.ts'

type Scene = {
  report: LabReport
  total: number
  real: (span: Span) => number
  /** Names of the jobs that others of the path waited for. */
  path: ReadonlySet<ReportJob>
}

/** Bars for every job on a common axis of seconds, with what each waited for; then what the critical path was. */
export function renderTimeline(report: LabReport): Html {
  const workflows = [...new Set(report.jobs.map(job => job.workflow))]
  if (workflows.length === 0) return html`<p class="quiet">No job has begun.</p>`
  const total = Math.max(report.seconds, 0.001)
  const paths = workflows.flatMap(name => {
    const path = criticalPath(name, report)
    return path ? [[name, path] as const] : []
  })
  const onPath = new Set(paths.flatMap(([, path]) => path.jobs.map(({ job }) => job)))
  const scene = { report, total, real: realClock(report), path: onPath }
  return html`<ul class="key"><li><b class="bar"><b class="wait" style="left:0;width:100%"></b></b>waits for the world</li>
<li><b class="bar"></b>works</li><li><b class="bar critical"></b>on the critical path</li></ul>
<div class="timeline">${renderAxis(scene)}
${workflows.map(
  workflow => html`<h3>${workflow}</h3>
${report.jobs.filter(job => job.workflow === workflow).map((job, at, all) => renderJob(job, all.slice(0, at), scene))}`,
)}</div>
${paths.map(([name, path]) => renderPath(name, path, scene))}`
}

/** Round numbers of seconds, at most seven of them, that fit below the total. */
export function ticks(total: number): number[] {
  const step =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600].find(size => total / size <= 7) ?? Math.ceil(total / 7)
  return Array.from({ length: Math.floor(total / step) + 1 }, (_, at) => at * step)
}

function renderAxis({ total, real }: Scene): Html {
  // One at the very end would stand out of the page.
  const marks = ticks(total * 0.93).map(
    at =>
      html`<i style="left:${percent(at, total)}">${at} s<small>${roughly(real({ from: 0, to: at }))}</small></i>`,
  )
  return html`<div class="row axis"><span class="name">in the lab<small>in the real world, about</small></span><div class="track">${marks}</div></div>`
}

function renderJob(job: ReportJob, before: readonly ReportJob[], scene: Scene): Html {
  const { report, path } = scene
  const number = report.jobs.indexOf(job)
  const critical = path.has(job) ? ' critical' : ''
  return html`<div class="row${critical}"><a class="name ${job.result}" href="#job-${number}">${job.name}</a>
<div class="track">${job.steps.length > 0 ? html`${renderNeeds(job, before, scene)}${renderBar(job, scene)}` : html`<em style="left:0">${job.result}</em>`}</div></div>
`
}

/** A line from the end of the job that this one waited for last to where this one begins. */
function renderNeeds(job: ReportJob, before: readonly ReportJob[], { total }: Scene): Html | undefined {
  const needed = before.filter(({ id }) => job.needs.includes(id))
  const [last] = needed.toSorted((a, b) => b.startedAt + b.seconds - (a.startedAt + a.seconds))
  if (!last) return undefined
  const rows = before.length - before.indexOf(last)
  return html`<b class="needs" style="left:${percent(job.startedAt, total)};--rows:${rows}"></b>`
}

function renderBar(job: ReportJob, { report, total, real }: Scene): Html {
  const { startedAt, seconds, result } = job
  const length = Math.max(seconds, 0.001)
  const waits = waitsOf(job, report).map(
    ({ from, to }) =>
      html`<b class="wait" style="left:${percent(from - startedAt, length)};width:${percent(to - from, length)}"></b>`,
  )
  const right = (startedAt + seconds) / total > 0.72
  const side = right
    ? `right:${percent(total - startedAt, total)}`
    : `left:${percent(startedAt + seconds, total)}`
  const times = html`${describeSeconds(seconds)} <small>${roughly(real(spanOf(job)))}</small>`
  return html`<b class="bar ${result}" style="left:${percent(startedAt, total)};width:${percent(seconds, total)}">${waits}</b><em style="${side}">${times}</em>`
}

function renderPath(workflow: string, path: CriticalPath, { report: { scale } }: Scene): Html {
  const steps = path.jobs.map(
    ({ job, waited }) =>
      html`<li><strong>${job.name}</strong> ${describeSeconds(job.seconds)}, of which ${describeSeconds(waited)} waiting</li>`,
  )
  return html`<h3>The critical path of ${workflow}</h3>
<ol class="path">${steps}</ol>
<p class="ratio">${describeRatio(workflow, path, scale)}</p>`
}

/** `Up took 30.5 s, 1.27 × the critical path of its own waits (24.0 s); in the real world, about 13 min, 1.01 ×.` */
function describeRatio(workflow: string, { seconds, waited }: CriticalPath, scale: number): string {
  if (waited === 0) return `${workflow} took ${describeSeconds(seconds)} and waited for nothing.`
  const real = seconds + (scale - 1) * waited
  const here = `${(seconds / waited).toFixed(2)} × the critical path of its own waits (${describeSeconds(waited)})`
  const there = `about ${roughly(real)}, ${(real / (scale * waited)).toFixed(2)} ×`
  return `${workflow} took ${describeSeconds(seconds)}, ${here}; in the real world, ${there}.`
}

function percent(value: number, total: number): string {
  return `${Math.min(100, Math.max(0, (100 * value) / total)).toFixed(2)}%`
}
