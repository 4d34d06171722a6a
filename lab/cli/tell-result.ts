import type { JobRun, WorkflowRun } from '@meridian/lab-runner'
import { readableLine } from './job-board.ts'
import type { LabReport } from './lab-report.ts'

const tailLines = 30

/** The last lines of every job that failed or was cut short, under its name. */
export function failureTails(runs: readonly WorkflowRun[]): string[] {
  const failed = runs.flatMap(run => run.jobs.filter(job => isBroken(job) && job.steps.length > 0))
  return failed.flatMap(job => [`--- ${job.name}: ${job.result}; its last lines:`, ...tailOf(job)])
}

/** What a person wants to read at the end, on a terminal. */
export function tellResult(report: LabReport, reportFile: string): string[] {
  const { clusters, replicas, endpoints, dns, left, peak } = report
  const regions = new Set(dns.verification.map(city => city.region))
  return [
    '',
    ...table(
      ['cluster', 'region', 'nodes', 'pods', 'load balancer'],
      clusters.map(({ name, region, nodes }) => [
        name,
        region,
        String(nodes),
        String(replicas[name] ?? 0),
        endpoints.find(endpoint => endpoint.cluster === name)?.hostname ?? '–',
      ]),
    ),
    '',
    ...(dns.fqdn === ''
      ? []
      : [`${dns.fqdn} leads ${dns.verification.length} cities to ${regions.size} regions.`]),
    `At most ${peak.count} things existed at a time, for $${peak.hourlyCost.toFixed(2)} an hour; ${left.length} are left.`,
    ...report.problems.map(problem => `✗ ${problem}`),
    `${report.ok ? '✓ Everything succeeded' : '✗ Failed'} after ${report.seconds.toFixed(1)}s. Report: ${reportFile}`,
  ]
}

function isBroken({ result }: JobRun): boolean {
  return result === 'failure' || result === 'cancelled'
}

function tailOf(job: JobRun): string[] {
  const lines = job.steps.flatMap(step => step.log.flatMap(line => readableLine(line) ?? []))
  return lines.slice(-tailLines).map(line => `    ${line}`)
}

function table(headers: string[], rows: string[][]): string[] {
  const widths = headers.map((header, at) =>
    Math.max(header.length, ...rows.map(row => row[at]?.length ?? 0)),
  )
  return [headers, ...rows].map(row =>
    `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd(),
  )
}
