import type { Result } from '@meridian/lab-runner'
import type { RequestSummary } from '@meridian/lab-world'

/** What `--json` prints and `report.json` holds. Times are real seconds since the story began. */
export type LabReport = {
  ok: boolean
  /** What went wrong, one sentence each; empty when `ok`. */
  problems: string[]
  /** What failed or was cut short in the jobs, the first first. */
  failures: ReportFailure[]
  startedAt: string
  seconds: number
  domain: string
  seed: number
  faults: string[]
  /** World seconds that pass in a real one. */
  scale: number
  jobs: ReportJob[]
  /** What the world let its clients wait for. */
  delays: ReportDelay[]
  clusters: ReportCluster[]
  /** Ready pods of the app by cluster. */
  replicas: Record<string, number>
  endpoints: ReportEndpoint[]
  dns: ReportDns
  /** What still exists at the end. */
  left: LeftOver[]
  /** The inventory over time. */
  inventory: { at: number; count: number; hourlyCost: number }[]
  /** The most that existed, and cost per hour, at one time. */
  peak: { count: number; hourlyCost: number }
  /** What cost money, by type, the dearest first. */
  costs: ReportCost[]
  requests: RequestSummary
}

export type ReportJob = {
  workflow: string
  /** By which `needs` of others name it; legs of a matrix share one. */
  id: string
  name: string
  needs: string[]
  result: Result
  startedAt: number
  seconds: number
  steps: ReportStep[]
}

export type ReportStep = {
  name: string
  result: Result
  startedAt: number
  seconds: number
  /** Markdown; '' for none. */
  summary: string
  /** Output lines, with masks applied and workflow commands included. */
  log: string[]
}

/** An error as an action has told it, or what is known of a step or job that told none. */
export type ReportFailure = {
  workflow: string
  job: string
  step: string
  message: string
  /** What to do about it; '' where nobody knows. */
  fix: string
}

/** Seconds since the story began, as those of jobs. */
export type ReportDelay = { what: string; place: string; from: number; to: number }

/** Of one type of resource: how many at most at a time, dollars an hour then, and dollars in the real time of the story. */
export type ReportCost = { type: string; count: number; hourlyCost: number; cost: number }

export type ReportCluster = { name: string; region: string; ready: boolean; nodes: number }
export type ReportEndpoint = { cluster: string; region: string; hostname: string }
export type ReportRecord = {
  name: string
  type: string
  region?: string
  target?: string
  ttl?: number
  alias?: boolean
}
export type CityCheck = { city: string; region: string; target: string; expected: string; ok: boolean }
export type ReportDns = { fqdn: string; zoneId: string; records: ReportRecord[]; verification: CityCheck[] }
export type LeftOver = { type: string; id: string; region: string; name?: string; hourlyCost: number }
