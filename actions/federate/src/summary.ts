import { type Cluster, describeTenants, type Tenant } from '@meridian/karmada'
import { conditionOf } from '@meridian/kube'
import { formatDuration, markdown } from '@meridian/runner'
import type { Membership } from './members/join-members.ts'
import { isEmptyPlan, type Plan } from './plan.ts'

const { code, escapeText, table } = markdown

/** A member, as the output `clusters` has it. */
export type MemberOutput = {
  name: string
  region: string
  ready: boolean
  kubernetesVersion: string
  nodes: number
}

export function describeMember(cluster: Cluster): MemberOutput {
  return {
    name: cluster.metadata.name,
    region: cluster.spec.region ?? '',
    ready: conditionOf(cluster, 'Ready')?.status === 'True',
    kubernetesVersion: cluster.status?.kubernetesVersion ?? '',
    nodes: cluster.status?.nodeSummary?.totalNum ?? 0,
  }
}

/** The members as `kubectl get clusters -o wide` shows them, with what this run did to each. */
export function renderMembership(
  name: string,
  host: string | undefined,
  { joins, unjoins, clusters, problems, failover }: Membership & { failover?: string },
  now = Date.now(),
): string {
  const outcome = new Map(joins.map(each => [each.name, each.outcome]))
  const rows = clusters.map(({ metadata, spec, status }) => [
    code(metadata.name),
    code(status?.kubernetesVersion ?? ''),
    spec.syncMode,
    conditionOf({ status }, 'Ready')?.status === 'True' ? '✅' : '❌',
    ageOf(metadata.creationTimestamp, now),
    String(status?.nodeSummary?.totalNum ?? ''),
    (spec.zones ?? []).map(code).join(', '),
    code(spec.region ?? ''),
    escapeText(spec.provider ?? ''),
    code(spec.apiEndpoint ?? ''),
    outcome.get(metadata.name) ?? 'failed',
  ])
  const gone = unjoins.map(({ name, outcome, left }) => {
    const rest = left.length > 0 ? `; still in it: ${left.map(escapeText).join(', ')}` : ''
    return `- ${code(name)} ${outcome}${rest}\n`
  })
  const wrong = problems.map(problem => `- ❌ ${escapeText(problem)}\n`)
  const lists = [...gone, ...wrong].join('')
  const note = failover === undefined ? '' : `\n${escapeText(failover)}\n`
  return `${titleOf(name, host)}\n\n${table(headers, rows)}${lists && `\n${lists}`}${note}`
}

const headers = [
  'cluster',
  'version',
  'mode',
  'ready',
  'age',
  'nodes',
  'zones',
  'region',
  'provider',
  'API endpoint',
  'this run',
]

function ageOf(since: string | undefined, now: number): string {
  return since === undefined ? '' : formatDuration(Math.max(0, now - Date.parse(since)))
}

function titleOf(name: string, host: string | undefined): string {
  return `### Federation ${code(name)} on ${host === undefined ? 'a control plane of others' : code(host)}`
}

const words: Record<Plan['controlPlane'], string> = {
  install: 'install',
  repair: 'remove the remains and install anew',
  upgrade: 'upgrade',
  use: 'use as it is',
}

/** What a dry run found to do. */
export function renderPlan(
  name: string,
  host: string | undefined,
  plan: Plan,
  guests: readonly Tenant[] = [],
): string {
  const rows = [
    ['control plane', words[plan.controlPlane]],
    ...(plan.expose ? [['load balancer of the API', 'make or change']] : []),
    ...(plan.claim ? [['what bears no mark', 'claim']] : []),
    ...plan.join.map(member => [code(member), 'join']),
    ...plan.mend.map(member => [code(member), 'mend its join']),
    ...plan.keep.map(member => [code(member), 'is a member']),
    ...plan.unjoin.map(member => [code(member), 'unjoin']),
    ...guests.map(guest => [escapeText(describeTenants([guest])), 'leaves with its member']),
    ...plan.unlisted.map(member => [code(member), 'is a member, not listed; stays']),
  ]
  const note = isEmptyPlan(plan) ? `\n${escapeText('Nothing to do.')}\n` : ''
  return `${titleOf(name, host)}: planned, not done\n\n${table(['what', 'step'], rows)}${note}`
}
