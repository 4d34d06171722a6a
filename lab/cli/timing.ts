import type { LabReport, ReportDelay, ReportJob } from './lab-report.ts'

/** Seconds since the story began. */
export type Span = { from: number; to: number }

type PathJob = { job: ReportJob; waited: number }

/** The chain of jobs that one workflow could not have been shorter than, and how much of it the world took. */
export type CriticalPath = {
  jobs: PathJob[]
  /** From the first job's start to the last one's end. */
  seconds: number
  /** Of these the seconds in which something that a job of the path had asked for was on its way. */
  waited: number
}

/** Spans that overlap or touch as one, in order. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = []
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else if (to > from) merged.push({ from, to })
  }
  return merged
}

/** How many seconds of `within` the merged spans cover. */
export function coveredSeconds(spans: readonly Span[], { from, to }: Span): number {
  return spans.reduce((sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0)
}

/** From when to when it went, in seconds. */
export const spanOf = ({ startedAt, seconds }: { startedAt: number; seconds: number }): Span => ({
  from: startedAt,
  to: startedAt + seconds,
})

type Facts = Pick<LabReport, 'jobs' | 'delays' | 'clusters'>

/**
 * The delays that a job has brought about: those that began while it ran. Where others ran beside it, those of its own
 * cluster, which its name names.
 */
export function delaysOf(job: ReportJob, { jobs, delays, clusters }: Facts): ReportDelay[] {
  const runsAt = (each: ReportJob, at: number) =>
    each.steps.length > 0 && each.startedAt <= at && at < each.startedAt + each.seconds
  const named = (each: ReportJob, place: string) => {
    const words = each.name.split(/\s+/)
    const local = clusters.filter(({ region }) => region === place).map(({ name }) => name)
    return [place.split('.')[0] ?? '', ...local].some(word => words.includes(word))
  }
  return delays.filter(({ from, place }) => {
    if (!runsAt(job, from)) return false
    const running = jobs.filter(each => runsAt(each, from))
    const own = running.filter(each => named(each, place))
    return own.length === 0 || own.includes(job)
  })
}

/** When something that the job had brought about was on its way, up to its end. */
export function waitsOf(job: ReportJob, facts: Facts): Span[] {
  const end = job.startedAt + job.seconds
  return mergeSpans(delaysOf(job, facts).map(({ from, to }) => ({ from, to: Math.min(to, end) })))
}

/** Undefined for a workflow of which no job ran. */
export function criticalPath(workflow: string, facts: Facts): CriticalPath | undefined {
  const ran = facts.jobs.filter(job => job.workflow === workflow && job.steps.length > 0)
  const end = ({ startedAt, seconds }: ReportJob) => startedAt + seconds
  const latest = (some: readonly ReportJob[]) => some.toSorted((a, b) => end(b) - end(a))[0]
  const chain: ReportJob[] = []
  for (let at = latest(ran); at; ) {
    chain.unshift(at)
    const { needs } = at
    at = latest(ran.filter(job => needs.includes(job.id) && !chain.includes(job)))
  }
  const last = chain.at(-1)
  if (!last) return undefined
  const jobs = chain.map(job => ({ job, waited: coveredSeconds(waitsOf(job, facts), spanOf(job)) }))
  return {
    jobs,
    seconds: end(last) - Math.min(...ran.map(job => job.startedAt)),
    waited: jobs.reduce((sum, { waited }) => sum + waited, 0),
  }
}

/**
 * How long what took from one of the lab's moments to another takes in the real world: there, what somebody waits for takes
 * `scale` times as long, and what Meridian itself does takes as long as here.
 */
export function realClock({ scale, ...facts }: Facts & { scale: number }): (span: Span) => number {
  const waits = mergeSpans(facts.jobs.flatMap(job => waitsOf(job, facts)))
  return span => span.to - span.from + (scale - 1) * coveredSeconds(waits, span)
}
