import type { KubeObject } from '@meridian/kube'
import { until } from '@meridian/lab-universe/testing'
import { testJob } from '@meridian/runner/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  configMap,
  deployment,
  type LabFederation,
  service,
  startFederation,
  together,
} from './lab-federation.ts'

const names = ['usa', 'eur', 'jpn'] as const
let lab: LabFederation

beforeAll(async () => {
  lab = await startFederation(names)
})
afterAll(() => lab.close())

const policiesOf = (namespace: string) =>
  ['PropagationPolicy', 'OverridePolicy'].flatMap(kind =>
    lab.fed.list(kind, { namespace }).map(({ metadata }) => `${kind} ${metadata.name}`),
  )
describe('an app that is deployed again', () => {
  test('without one of its objects keeps it, and says so', async () => {
    await lab.deploy(together(configMap('kept'), configMap('rest')), { app: 'keep' })
    const run = await lab.deploy(configMap('rest'), { app: 'keep' })
    expect(run.lines.join()).toContain('Not in the manifests any more: ConfigMap default/kept. They stay')
    expect(run.summaries.join()).toContain('<code>ConfigMap default/kept</code>')
    expect(lab.fed.get('ConfigMap', 'default', 'kept')).toBeDefined()
  })

  test('spares what another app of the environment has, and does not take it over', async () => {
    await lab.deploy(configMap('shared'), { namespace: 'two', app: 'shop' })
    await expect(lab.deploy(configMap('shared'), { namespace: 'two', app: 'blog' })).rejects.toThrow(
      /ConfigMap two\/shared belongs to k8s.example.com of o\/r \(app shop\)/,
    )
    await lab.deploy(configMap('own'), { namespace: 'two', app: 'blog', prune: 'true' })
    expect(lab.fed.get('ConfigMap', 'two', 'shared')).toBeDefined()
  })

  test('with a Service that needs no override any more loses it', async () => {
    await lab.deploy(service('plain'))
    expect(policiesOf('default')).toContain('OverridePolicy plain-service')
    const run = await lab.deploy(service('plain', 'ClusterIP'))
    expect(policiesOf('default')).not.toContain('OverridePolicy plain-service')
    expect(run.outputs.endpoints).toEqual([])
  })

  test('while a teardown still removes it waits until that is done', async () => {
    await lab.deploy(configMap('again'), { namespace: 'again' })
    lab.fed.modify('ConfigMap', 'again', 'again', draft => {
      draft.metadata.finalizers = ['example.com/slow']
    })
    lab.fed.remove('ConfigMap', 'again', 'again')
    const lines: string[] = []
    const { log } = testJob()
    const release = (line: string) => {
      lines.push(line)
      if (!line.includes('ConfigMap again/again still there')) return
      lab.fed.modify('ConfigMap', 'again', 'again', draft => {
        draft.metadata.finalizers = []
      })
    }
    await lab.deploy(configMap('again', 'new'), { namespace: 'again' }, { log: { ...log, info: release } })
    expect(lines.join()).toContain('still there')
    expect(lab.fed.get('ConfigMap', 'again', 'again')).toMatchObject({ data: { key: 'new' } })
  })
})

test('an app outlasts an API that fails now and then, whichever way', async () => {
  const { requests } = lab.lab.universe.world.faults
  const failures = ['reset-before', 'reset-after', 'error', 'truncate', 'throttle', 'unavailable'] as const
  const planned = [5, 9, 13, 17, 21, 25, 29, 33].map((nth, at) =>
    requests.plan({ client: 'frail', nth, failure: failures[at % failures.length] ?? 'error' }),
  )
  const given = { namespace: 'frail', app: 'frail', prune: 'true' }
  await lab.deploy(together(configMap('old'), configMap('frail')), given)
  const manifest = together(deployment('frail', 3), configMap('frail', 'w'))
  const run = await lab.deploy(manifest, given, { userAgent: 'meridian-frail/1' })
  expect(planned.filter(fault => fault.struck() === 1).length).toBeGreaterThan(5)
  expect(run.outputs.replicas).toEqual({ usa: 1, eur: 1, jpn: 1 })
  const kept = 'PropagationPolicy frail-configmap,PropagationPolicy frail-deployment'
  await until(() => policiesOf('frail').join() === kept)
})

describe('what somebody else has', () => {
  test('changed in an object of ours is a conflict, told by field and owner before anything is written', async () => {
    await lab.deploy(together(configMap('mine'), configMap('other')))
    const change = (draft: KubeObject) => {
      draft.data = { key: 'theirs' }
    }
    lab.fed.modify('ConfigMap', 'default', 'mine', change, { manager: 'kubectl-edit' })
    const before = lab.fed.get('ConfigMap', 'default', 'other')?.metadata.resourceVersion
    const manifest = together(configMap('mine', 'w'), configMap('other', 'w'))
    await expect(lab.deploy(manifest)).rejects.toThrow(
      "ConfigMap default/mine: .data.key is kubectl-edit (v1)'s",
    )
    expect(lab.fed.get('ConfigMap', 'default', 'other')?.metadata.resourceVersion).toBe(before)
    await lab.deploy(manifest, { adopt: 'true' })
    expect(lab.fed.get('ConfigMap', 'default', 'mine')).toMatchObject({ data: { key: 'w' } })
  })
})
