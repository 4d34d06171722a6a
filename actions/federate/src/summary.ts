import type { Cluster } from '@meridian/karmada'
import { conditionOf } from '@meridian/kube'
import { markdown } from '@meridian/runner'
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

/** The members as `kubectl get clusters -o wide` shows them. */
export function renderClusters(name: string, host: string, clusters: readonly Cluster[]): string {
  const rows = clusters.map(cluster => [
    code(cluster.metadata.name),
    code(cluster.status?.kubernetesVersion ?? ''),
    cluster.spec.syncMode,
    conditionOf(cluster, 'Ready')?.status === 'True' ? '✅' : '❌',
    String(cluster.status?.nodeSummary?.totalNum ?? ''),
    code(cluster.spec.region ?? ''),
    code((cluster.spec.zones ?? []).join(', ')),
    code(cluster.spec.apiEndpoint ?? ''),
  ])
  const headers = ['cluster', 'version', 'mode', 'ready', 'nodes', 'region', 'zones', 'API endpoint']
  return `### Federation ${code(name)} on ${code(host)}\n\n${table(headers, rows)}`
}

/** What a dry run found to do. */
export function renderPlan(name: string, host: string, plan: Plan): string {
  const title = `### Federation ${code(name)} on ${code(host)}: planned, not done\n\n`
  const words = { install: 'install', repair: 'remove the remains and install anew', use: 'use as it is' }
  const rows = [
    ['control plane', words[plan.controlPlane]],
    ...plan.join.map(member => [code(member), 'join']),
    ...plan.check.map(member => [code(member), 'is a member']),
    ...plan.unjoin.map(member => [code(member), 'unjoin']),
    ...plan.unlisted.map(member => [code(member), 'is a member, not listed; stays']),
  ]
  const note = isEmptyPlan(plan) ? `\n${escapeText('Nothing to do.')}\n` : ''
  return `${title}${table(['what', 'step'], rows)}${note}`
}
