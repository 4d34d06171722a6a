import type { WorkflowRun } from '@meridian/lab-runner'
import type { CityCheck, ReportDns, ReportEndpoint, ReportRecord } from './lab-report.ts'

/** What the jobs of Up say about the federation, in the shapes of the report. */
export type Claims = {
  clusters: { name: string; region: string; ready: boolean }[]
  replicas: Record<string, number>
  endpoints: ReportEndpoint[]
  dns: ReportDns
}

/** Reads the outputs of the jobs `federation`, `app` and `dns`; what a job did not set stays empty. */
export function readOutputs(jobs: WorkflowRun['jobOutputs']): Claims {
  const { federation = {}, app = {}, dns = {} } = jobs
  return {
    clusters: list(federation.clusters).map(item => ({
      name: text(item.name),
      region: text(item.region),
      ready: item.ready === true,
    })),
    replicas: numbers(json(app.replicas)),
    endpoints: list(app.endpoints).map(item => ({
      cluster: text(item.cluster),
      region: text(item.region),
      hostname: text(item.hostname),
    })),
    dns: {
      fqdn: dns.fqdn ?? '',
      zoneId: dns['zone-id'] ?? '',
      records: list(dns.records) as ReportRecord[],
      verification: list(dns.verification).map(readCity),
    },
  }
}

function readCity(item: Record<string, unknown>): CityCheck {
  const { city, region, target, expected, ok } = item
  return {
    city: text(city),
    region: text(region),
    target: text(target),
    expected: text(expected),
    ok: ok === true,
  }
}

function json(value: string | undefined): unknown {
  return value ? JSON.parse(value) : undefined
}

function list(value: string | undefined): Record<string, unknown>[] {
  const parsed = json(value)
  return Array.isArray(parsed) ? parsed : []
}

function numbers(value: unknown): Record<string, number> {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {})
  return Object.fromEntries(entries.map(([key, number]) => [key, Number(number)]))
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
