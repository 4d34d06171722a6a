import type { WorkflowRun } from '@meridian/lab-runner'
import type { HistoryPoint, RequestSummary } from '@meridian/lab-world'
import type { LabReport, LeftOver, ReportJob } from './lab-report.ts'
import type { Observed } from './observe.ts'
import type { Claims } from './read-outputs.ts'

export type StoryFacts = {
  startedAt: number
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
  requests: RequestSummary
  problems: string[]
}

/** More points than a chart of this width can show. */
const mostPoints = 400

/** Puts a story's facts into the report's shape. */
export function compileReport(facts: StoryFacts): LabReport {
  const since = (at: number): number => round((at - facts.startedAt) / 1000, 2)
  const { startedAt, endedAt, domain, seed, scale, claims, observed, left, problems, requests } = facts
  const inventory = thin(facts.history, mostPoints).map(({ at, count, hourlyCost }) => ({
    at: since(at),
    count,
    hourlyCost: round(hourlyCost, 4),
  }))
  return {
    ok: problems.length === 0,
    problems,
    startedAt: new Date(startedAt).toISOString(),
    seconds: since(endedAt),
    domain,
    seed,
    faults: [...facts.faults],
    scale,
    jobs: facts.runs.flatMap(run => run.jobs.map(job => reportJob(run.name, job, since))),
    clusters: observed.clusters,
    replicas: observed.replicas,
    endpoints: claims.endpoints,
    dns: claims.dns,
    left,
    inventory,
    peak: {
      count: Math.max(0, ...facts.history.map(point => point.count)),
      hourlyCost: round(Math.max(0, ...facts.history.map(point => point.hourlyCost)), 4),
    },
    requests,
  }
}

function reportJob(
  workflow: string,
  job: WorkflowRun['jobs'][number],
  since: (at: number) => number,
): ReportJob {
  const { name, needs, result, startedAt, seconds } = job
  const steps = job.steps.map(step => ({
    name: step.name,
    result: step.conclusion,
    startedAt: since(step.startedAt),
    seconds: round(step.seconds, 2),
  }))
  return { workflow, name, needs, result, startedAt: since(startedAt), seconds: round(seconds, 2), steps }
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
