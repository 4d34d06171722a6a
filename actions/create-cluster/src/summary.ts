import { priceDate, priceSource } from '@meridian/inventory'
import type { ClusterNode } from '@meridian/kops'
import { markdown } from '@meridian/runner'
import type { Cost } from './cost/estimate-cost.ts'
import type { Inputs } from './inputs.ts'
import type { Replacement } from './plan/plan.ts'
import { describeUpgrade } from './plan/plan-upgrade.ts'

export type Report = {
  readonly created: boolean
  /** It is nobody's, and was left as it is. */
  readonly unclaimed: boolean
  readonly nodes: readonly ClusterNode[]
  readonly kubernetesVersion: string
  readonly apiEndpoint: string
  readonly expiresAt: string
  readonly changes: readonly string[]
  readonly replaced?: readonly Replacement[]
  readonly cost: Cost | undefined
}

/** `$0.1234 per hour`, and what the number is worth. */
export function describeCost(cost: Cost | undefined): string {
  if (cost === undefined) return 'not known: an instance size is not in the price table'
  const kind = cost.reckoned ? ', partly reckoned from us-east-1' : ''
  return `${cost.atMost ? 'at most ' : ''}$${cost.usd.toFixed(4)} per hour (estimate by prices of ${priceDate}${kind}; check it at ${priceSource})`
}

const unclaimed = 'nobody has claimed it: it was used as it is, and not changed; `adopt: true` claims it'

/** The page of a finished run. */
export function renderCluster(inputs: Inputs, report: Report): string {
  const { code, escapeText, table } = markdown
  const { cluster } = inputs
  const { nodes } = report
  const facts = [
    ['Region', cluster.region + (cluster.zones.length > 0 ? ` (${cluster.zones.join(', ')})` : '')],
    ['Context', code(cluster.name)],
    ['API', code(report.apiEndpoint)],
    ['Kubernetes', report.kubernetesVersion || '–'],
    ...(cluster.eksName === undefined
      ? []
      : [['EKS', `${code(cluster.eksName)}${cluster.role ? ` by ${code(cluster.role)}` : ''}`]]),
    ...(cluster.provider === 'kops'
      ? [
          ['State', code(cluster.stateStore)],
          ...(report.unclaimed ? [['Owner', unclaimed]] : []),
          ['Expires', report.expiresAt || 'never'],
          ['Cost', describeCost(report.cost)],
        ]
      : []),
    ...(report.replaced?.length
      ? [['Machines replaced', describeUpgrade({ replaces: report.replaced })]]
      : []),
    ...(report.changes.length > 0 ? [['Other inputs', report.changes.map(escapeText).join('<br>')]] : []),
  ]
  const rows = nodes.map(node => [code(node.name), node.role, node.zone, node.ready ? 'ready' : 'not ready'])
  const allReady = nodes.length > 0 && nodes.every(({ ready }) => ready)
  return markdown.report({
    outcome: allReady ? 'done' : 'attention',
    title: `Cluster ${escapeText(cluster.fullName)}`,
    line: `${report.created ? 'It was created' : 'It was there already'}. ${describeNodes(inputs, nodes)}`,
    body: [
      table(['What', 'Value'], facts),
      nodes.length > 0 ? table(['Node', 'Role', 'Zone', 'State'], rows) : '',
    ],
    next: `later steps of this job reach it by ${code(`kubectl --context=${cluster.name}`)}.`,
  })
}

function describeNodes({ cluster }: Inputs, nodes: readonly ClusterNode[]): string {
  if (nodes.length > 0) return `${nodes.filter(({ ready }) => ready).length} of ${nodes.length} nodes ready.`
  return cluster.provider === 'kops' ? 'Its nodes were not waited for.' : 'It has no nodes at the moment.'
}

/** The page of a dry run. */
export function renderDryRun(
  inputs: Inputs,
  plan: { store: string; cluster: string; cost: Cost | undefined; objects: string },
): string {
  const { code, details, escapeText, fence, table } = markdown
  return markdown.report({
    outcome: 'planned',
    title: `Cluster ${escapeText(inputs.cluster.fullName)}: planned, not done`,
    line: `It ${plan.cluster}.`,
    body: [
      table(
        ['What', 'Value'],
        [
          [`State store ${code(inputs.cluster.stateStore)}`, plan.store],
          ['Cost', describeCost(plan.cost)],
        ],
      ),
      plan.objects === '' ? '' : details('What kops would save', fence(plan.objects, 'yaml')),
    ],
    next: `a run without ${code('dry-run')} does it.`,
  })
}
