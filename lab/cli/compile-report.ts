import type { WorkflowRun } from '@meridian/lab-runner'
import type { Delay, Departed, HistoryPoint, RequestSummary, Resource } from '@meridian/lab-world'
import { costsOf } from './costs.ts'
import { failuresOf } from './failures.ts'
import type { LabReport, LeftOver, ReportDelay, ReportJob } from './lab-report.ts'
import type { Observed } from './observe.ts'
import type { Claims } from './read-outputs.ts'
import { realClock } from './timing.ts'

/** One moment on three clocks: this machine's and the world's, in milliseconds since the epoch, and world seconds. */
type Moment = { here: number; world: number; elapsed: number }

export type StoryFacts = {
  started: Moment
  endedAt: number
  domain: string
  seed: number
  faults: readonly string[]
  scale: number
  runs: readonly WorkflowRun[]
  claims: Claims
  observed: Observed
  left: LeftOver[]
  history: readonly HistoryPoint[]
  departed: readonly Departed[]
  present: readonly Resource[]
  delays: readonly Delay[]
  requests: RequestSummary
  problems: string[]
}

/** More points than a chart of this width can show. */
const mostPoints = 400

/** Puts a story's facts into the report's shape. */
export function compileReport(facts: StoryFacts): LabReport {
  const { started, domain, seed, scale, claims, observed, left, problems, requests, runs } = facts
  const seconds = round((facts.endedAt - started.here) / 1000, 2)
  const sinceInWorld = (at: number): number => round((at - started.world) / 1000, 2)
  const jobs = runs.flatMap(run => run.jobs.map(job => reportJob(run.name, job, started.here)))
  const delays = facts.delays.map(delay => reportDelay(delay, facts))
  const { clusters } = observed
  return {
    ok: problems.length === 0,
    problems,
    failures: failuresOf(runs),
    startedAt: new Date(started.here).toISOString(),
    seconds,
    domain,
    seed,
    faults: [...facts.faults],
    scale,
    jobs,
    delays,
    clusters,
    replicas: observed.replicas,
    endpoints: claims.endpoints,
    dns: claims.dns,
    left,
    inventory: thin(facts.history, mostPoints).map(({ at, count, hourlyCost }) => ({
      at: sinceInWorld(at),
      count,
      hourlyCost: round(hourlyCost, 4),
    })),
    peak: {
      count: Math.max(0, ...facts.history.map(point => point.count)),
      hourlyCost: round(Math.max(0, ...facts.history.map(point => point.hourlyCost)), 4),
    },
    costs: costsOf(
      [...facts.departed, ...facts.present.map(resource => ({ resource, at: undefined }))].map(
        ({ resource: { type, hourlyCost, bornAt }, at }) => ({
          type,
          hourlyCost,
          from: Math.max(0, sinceInWorld(bornAt)),
          to: at === undefined ? seconds : sinceInWorld(at),
        }),
      ),
      realClock({ jobs, delays, clusters, scale }),
    ).map(({ hourlyCost, cost, ...item }) => ({
      ...item,
      hourlyCost: round(hourlyCost, 4),
      cost: round(cost, 4),
    })),
    requests,
  }
}

function reportJob(workflow: string, job: WorkflowRun['jobs'][number], storyStartedAt: number): ReportJob {
  const since = (at: number): number => round((at - storyStartedAt) / 1000, 2)
  const { id, name, needs, result, startedAt, seconds } = job
  const steps = job.steps.map(step => ({
    name: step.name,
    result: step.conclusion,
    startedAt: since(step.startedAt),
    seconds: round(step.seconds, 2),
    summary: step.summary,
    log: step.log,
  }))
  return { workflow, id, name, needs, result, startedAt: since(startedAt), seconds: round(seconds, 2), steps }
}

function reportDelay({ what, place, from, to }: Delay, { started, scale }: StoryFacts): ReportDelay {
  const since = (elapsed: number): number => round((elapsed - started.elapsed) / scale, 3)
  return { what, place, from: since(from), to: since(to) }
}

/** Keeps the first, the last and evenly chosen points between. */
function thin<T>(points: readonly T[], most: number): T[] {
  if (points.length <= most) return [...points]
  const step = (points.length - 1) / (most - 1)
  return Array.from({ length: most }, (_, at) => points[Math.round(at * step)]).filter(
    point => point !== undefined,
  )
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
