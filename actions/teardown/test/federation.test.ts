import { readFile } from 'node:fs/promises'
import { completeClusters } from '@meridian/environment'
import { buildPropagationPolicy, connectFederation } from '@meridian/karmada'
import { connectKube, refOf } from '@meridian/kube'
import { type RecordedJob, testJob } from '@meridian/runner/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type LabClusters,
  type Name,
  regions,
  startClusters,
  until,
} from '../../../packages/karmada/test/lab-clusters.ts'
import { attempt } from '../../federate/test/in-process.ts'
import { clearFederation } from '../src/clear-federation.ts'
import { openLedger } from '../src/ledger.ts'
import type { Work } from '../src/work.ts'

const names = ['usa', 'eur', 'jpn'] as const
const systemNamespaces = /^(kube-|default$)/

describe('a federation with a dead member', () => {
  let lab: LabClusters
  let job: RecordedJob
  let problems: string[]

  const storeOf = (name: Name) =>
    lab.universe.clusters.clusters().find(({ spec }) => spec.name.startsWith(`${name}.`))?.store
  const connect = async (context: Name) =>
    connectKube(await readFile(lab.env.KUBECONFIG ?? '', 'utf8'), { ...job, context })

  beforeAll(async () => {
    lab = await startClusters(names)
    job = testJob({ env: lab.env, userAgent: 'meridian-teardown/0.1.0' })
    expect((await attempt(lab, names)).error).toBeUndefined()
    const federation = await connectFederation(job, await connect('usa'), 'fed')
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'colours' } }
    const placement = { mode: 'duplicate', clusters: names } as const
    for (const object of [namespace, map, buildPropagationPolicy(refOf(map), placement, { labels: {} })])
      await federation.apply(object)
    await until(() => names.every(name => storeOf(name)?.get('ConfigMap', 'shop', 'colours') !== undefined))
    lab.universe.clusters.takeAway(`jpn.${lab.universe.domain}`, 'refused')
    problems = await tearDown(['usa', 'eur'])
  })
  afterAll(() => lab.close())

  async function tearDown(answering: readonly Name[]): Promise<string[]> {
    const identity = { domain: lab.universe.domain, environment: undefined }
    const clusters = completeClusters(
      names.map(name => ({ name, region: regions[name] })),
      identity,
    )
    const inputs = {
      ...identity,
      clusters,
      host: clusters[0],
      federation: 'fed',
      scope: new Set(['federation']),
      karmadaVersion: '1.18.2',
    }
    const work = { inputs, job, ledger: openLedger(job) } as unknown as Work
    const reached = new Map(
      await Promise.all(answering.map(async name => [name, await connect(name)] as const)),
    )
    const found = clusters.map(cluster => ({ cluster, configured: true }))
    return clearFederation(work, found as never, reached)
  }

  test('leaves nothing of itself in the members that live', () => {
    for (const name of ['usa', 'eur'] as const) {
      const namespaces = storeOf(name)?.list('Namespace', {}) ?? []
      const kept = namespaces.filter(
        ({ metadata }) => !systemNamespaces.test(metadata.name) && !metadata.deletionTimestamp,
      )
      expect(kept.map(({ metadata }) => metadata.name)).toEqual([])
      const roles = storeOf(name)?.list('ClusterRole', {}) ?? []
      expect(roles.filter(({ metadata }) => metadata.name.includes('karmada'))).toEqual([])
    }
    expect(lab.universe.clusters.federations()).toEqual([])
  })

  test('says what is left in the one that is dead', () => {
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(
      /^jpn is dead .*still in it: .*ConfigMap shop\/colours.*namespace karmada-cluster/,
    )
  })
})
