import type { Result } from '@meridian/lab-runner'
import type { RequestSummary } from '@meridian/lab-world'

/** What `--json` prints and `report.json` holds. Times are real seconds since the story began. */
export type LabReport = {
  ok: boolean
  /** What went wrong, one sentence each; empty when `ok`. */
  problems: string[]
  startedAt: string
  seconds: number
  domain: string
  seed: number
  faults: string[]
  /** World seconds that pass in a real one. */
  scale: number
  jobs: ReportJob[]
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
  requests: RequestSummary
}

export type ReportJob = {
  workflow: string
  name: string
  needs: string[]
  result: Result
  startedAt: number
  seconds: number
  steps: { name: string; result: Result; startedAt: number; seconds: number }[]
}

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
