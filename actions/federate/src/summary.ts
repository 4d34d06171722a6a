import { type Cluster, describeTenants, type Tenant } from '@meridian/karmada'
import { conditionOf } from '@meridian/kube'
import { formatDuration, markdown } from '@meridian/runner'
import type { Membership } from './members/join-members.ts'
import { isEmptyPlan, type Plan } from './plan.ts'

const { code, details, escapeText, list, table } = markdown

/** A member, as the output `clusters` has it. */
export type MemberOutput = {
  name: string
  region: string
  ready: boolean
  kubernetesVersion: string
  nodes: number
}

/** A member as the output `clusters` tells it. */
export function describeMember(cluster: Cluster): MemberOutput {
  return {
    name: cluster.metadata.name,
    region: cluster.spec.region ?? '',
    ready: isReady(cluster),
    kubernetesVersion: cluster.status?.kubernetesVersion ?? '',
    nodes: cluster.status?.nodeSummary?.totalNum ?? 0,
  }
}

/** The members as `kubectl get clusters -o wide` shows them, what is alike or long folded, with what this run did to each. */
export function renderMembership(
  name: string,
  host: string | undefined,
  { joins, unjoins, clusters, problems, failover }: Membership & { failover?: string },
  now = Date.now(),
): string {
  const outcomes = new Map(joins.map(each => [each.name, each.outcome]))
  const ready = clusters.filter(isReady)
  const joined = joins.filter(({ outcome }) => outcome === 'joined').length
  const rows = clusters.map(cluster => [
    ...factsOf(cluster, now),
    outcomes.get(cluster.metadata.name) ?? 'failed',
  ])
  const gone = unjoins.map(({ name, outcome, left }) => {
    const rest = left.length > 0 ? `; still in it: ${left.map(escapeText).join(', ')}` : ''
    return `${code(name)} ${outcome}${rest}`
  })
  const endpoints = clusters.map(({ metadata, spec }) => [
    code(metadata.name),
    spec.syncMode,
    escapeText(spec.provider ?? ''),
    code(spec.apiEndpoint ?? ''),
  ])
  return markdown.report({
    outcome: problems.length > 0 ? 'failed' : ready.length < clusters.length ? 'attention' : 'done',
    title: titleOf(name, host),
    line: `${ready.length} of ${clusters.length} members ready${joined > 0 ? `, ${joined} joined by this run` : ''}.`,
    body: [
      list('What went wrong', problems.map(escapeText)),
      table(['Cluster', 'Version', 'Ready', 'Age', 'Nodes', 'Region', 'This run'], rows),
      list('Unjoined', gone),
      details('How each is reached', table(['Cluster', 'Mode', 'Provider', 'API endpoint'], endpoints)),
      failover === undefined ? '' : escapeText(failover),
    ],
    next:
      problems.length > 0
        ? undefined
        : `${code('deploy-federated-app')} spreads an app over them; later steps of this job reach the federation by ${code(`kubectl --context=${name}`)}.`,
  })
}

const isReady = (cluster: Cluster): boolean => conditionOf(cluster, 'Ready')?.status === 'True'

function factsOf(cluster: Cluster, now: number): string[] {
  const { metadata, spec, status } = cluster
  const { region = '', zones = [] } = spec
  return [
    code(metadata.name),
    escapeText(status?.kubernetesVersion ?? ''),
    isReady(cluster) ? 'yes' : '❌ no',
    ageOf(metadata.creationTimestamp, now),
    String(status?.nodeSummary?.totalNum ?? ''),
    escapeText(zones.length > 0 ? `${region} (${zones.join(', ')})` : region),
  ]
}

function ageOf(since: string | undefined, now: number): string {
  return since === undefined ? '' : formatDuration(Math.max(0, now - Date.parse(since)))
}

function titleOf(name: string, host: string | undefined): string {
  return `Federation ${code(name)} on ${host === undefined ? 'a control plane of others' : code(host)}`
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
  const empty = isEmptyPlan(plan)
  return markdown.report({
    outcome: empty ? 'same' : 'planned',
    title: `${titleOf(name, host)}: planned, not done`,
    line: empty ? 'Nothing to do.' : '',
    body: [table(['What', 'Step'], rows)],
    next: empty ? undefined : `a run without ${code('dry-run')} does it.`,
  })
}
