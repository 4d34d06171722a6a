import type { Cluster } from '@meridian/karmada'
import { type Difference, describeRef, refOf } from '@meridian/kube'
import { markdown } from '@meridian/runner'
import { stringify } from 'yaml'
import { countReplicas, type Endpoint } from './endpoints.ts'
import { withoutVolatile } from './mark-object.ts'
import type { Step } from './plan.ts'
import type { Arrival } from './wait-done.ts'

const { code, details, escapeText, fence, table } = markdown
const signs = { create: '🟢 create', change: '🟡 change', keep: '⚪ keep' }
const mostDifferences = 100
const mostCharacters = 120

/** What is done, object by object, with the difference field by field; the policies in full, folded. */
export function renderPlan(steps: readonly Step[], dryRun: boolean): string {
  const title = dryRun ? 'Planned, not done' : 'App'
  const rows = steps.map(step => [signs[step.action], code(describeRef(refOf(step.object)))])
  const changes = steps.filter(step => step.differences.length > 0).map(renderDifferences)
  const policies = steps.filter(step => step.role === 'policy' && step.action !== 'keep')
  const texts = policies.map(step => stringify(withoutVolatile(step.object)))
  const folded = texts.length === 0 ? '' : details('Policies', fence(texts.join('---\n'), 'yaml'))
  return `### ${title}\n\n${table(['', 'object'], rows)}\n${changes.join('\n')}${folded}`
}

function renderDifferences(step: Step): string {
  const shown = step.differences.slice(0, mostDifferences)
  const lines = shown.flatMap(({ path, actual, desired }: Difference) => [
    `- ${path}: ${shorten(actual)}`,
    `+ ${path}: ${shorten(desired)}`,
  ])
  const rest = step.differences.length - shown.length
  const text = [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n')
  return details(`Difference of ${code(describeRef(refOf(step.object)))}`, fence(text, 'diff'))
}

function shorten(value: unknown): string {
  const text = value === undefined ? '(not set)' : JSON.stringify(value)
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text
}

/** What runs where, region by region, with what is still missing. */
export function renderRegions(
  arrivals: readonly Arrival[],
  clusters: readonly Cluster[],
  endpoints: readonly Endpoint[],
): string {
  const names = clusters.map(({ metadata }) => metadata.name)
  const replicas = countReplicas(arrivals, names)
  const rows = clusters.map(({ metadata: { name: cluster }, spec: { region = '' } }) => {
    const own = endpoints.filter(endpoint => endpoint.cluster === cluster)
    return [
      code(cluster),
      code(region),
      String(replicas[cluster] ?? 0),
      own.map(({ hostname }) => code(hostname)).join('<br>'),
    ]
  })
  const open = arrivals.flatMap(({ template, status }) =>
    status.regions
      .filter(({ reason }) => reason !== '')
      .map(
        ({ cluster, reason }) =>
          `- ${code(cluster)} ${code(template.metadata.name)}: ${escapeText(reason)}\n`,
      ),
  )
  return `\n${table(['cluster', 'region', 'ready pods', 'load balancer'], rows)}${open.length > 0 ? `\n${open.join('')}` : ''}`
}
