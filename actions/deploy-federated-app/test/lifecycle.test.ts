import { identityOf } from '@meridian/identity'
import { removeApp } from '@meridian/karmada'
import type { KubeObject } from '@meridian/kube'
import { testJob } from '@meridian/runner/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { until, writesOf } from '../../../packages/karmada/test/lab-clusters.ts'
import {
  configMap,
  deployment,
  type LabFederation,
  replicasIn,
  service,
  startFederation,
} from './lab-federation.ts'

const names = ['usa', 'eur', 'jpn'] as const
let lab: LabFederation

beforeAll(async () => {
  lab = await startFederation(names)
})
afterAll(() => lab.close())

const together = (...manifests: string[]) => manifests.join('---')
const writes = () => writesOf(lab.lab.universe, 'test')
const policiesOf = (namespace: string) =>
  ['PropagationPolicy', 'OverridePolicy'].flatMap(kind =>
    lab.fed.list(kind, { namespace }).map(({ metadata }) => `${kind} ${metadata.name}`),
  )
/** What the lab's Karmada has divided otherwise: as its failover leaves it behind. */
const divide = (app: string, clusters: object[]) =>
  lab.fed.modify('ResourceBinding', 'default', `${app}-deployment`, draft => {
    draft.spec = { ...(draft.spec as object), clusters }
  })

describe('an app that is deployed again', () => {
  test('as it is writes nothing', async () => {
    const manifest = together(deployment('twice', 3), service('twice', 'ClusterIP'), configMap('twice'))
    const first = await lab.deploy(manifest, { namespace: 'twice' })
    const before = writes()
    const second = await lab.deploy(manifest, { namespace: 'twice' })
    expect([first.outputs.changed, second.outputs.changed]).toEqual([true, false])
    expect(second.outputs.replicas).toEqual({ usa: 1, eur: 1, jpn: 1 })
    expect(writes()).toEqual(before)
  })

  test('without one of its objects keeps it, and says so', async () => {
    await lab.deploy(together(configMap('kept'), configMap('rest')), { app: 'keep' })
    const run = await lab.deploy(configMap('rest'), { app: 'keep' })
    expect(run.lines.join()).toContain('Not in the manifests any more: ConfigMap default/kept. They stay')
    expect(run.summaries.join()).toContain('<code>ConfigMap default/kept</code>')
    expect(lab.fed.get('ConfigMap', 'default', 'kept')).toBeDefined()
  })

  test('with prune is freed of what it does not name, in every region, policies included', async () => {
    const inputs = { namespace: 'pruned', prune: 'true', app: 'pruned' }
    await lab.deploy(together(configMap('stays'), service('goes'), configMap('goes')), inputs)
    await expect(lab.deploy(configMap('stays'), { ...inputs, 'max-deletes': '1' })).rejects.toThrow(
      '2 objects would be deleted, but max-deletes is 1',
    )
    expect(policiesOf('pruned')).toHaveLength(4)
    const run = await lab.deploy(configMap('stays'), inputs)
    expect(run.outputs.changed).toBe(true)
    expect(policiesOf('pruned')).toEqual(['PropagationPolicy stays-configmap'])
    const left = names.flatMap(name => lab.member(name).list('Service', { namespace: 'pruned' }))
    expect(left).toEqual([])
    expect(lab.fed.get('Namespace', undefined, 'pruned')).toBeDefined()
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
  expect(policiesOf('frail')).toEqual([
    'PropagationPolicy frail-configmap',
    'PropagationPolicy frail-deployment',
  ])
})

test('an app may have objects outside of namespaces, and kinds of its own', async () => {
  const role =
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: reader}\nrules: []\n'
  const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Widget, plural: widgets, singular: widget}
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
`
  const widget = '\napiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: 3}\n'
  const given = { namespace: 'kinds' }
  const run = await lab.deploy(together(widget, definition, `\n${role}`), given)
  expect(run.lines.join()).not.toContain('Not checked')
  for (const name of names) {
    expect(lab.member(name).get('Widget', 'kinds', 'w')).toMatchObject({ spec: { size: 3 } })
    expect(lab.member(name).get('ClusterRole', undefined, 'reader')).toBeDefined()
  }
  const again = await lab.deploy(together(widget, definition, `\n${role}`), given)
  expect(again.outputs.changed).toBe(false)
})

describe('what somebody else has', () => {
  const theirs = (name: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
    data: { key: 'theirs' },
  })

  test('made is left to them, and taken over only when asked to, also in the members', async () => {
    lab.fed.create('ConfigMap', theirs('foreign'))
    lab.member('eur').create('ConfigMap', theirs('foreign'))
    await expect(lab.deploy(configMap('foreign'))).rejects.toThrow('was not made by Meridian')
    expect(lab.fed.get('ConfigMap', 'default', 'foreign')).toMatchObject({ data: { key: 'theirs' } })
    await lab.deploy(configMap('foreign'), { adopt: 'true' })
    expect(lab.member('eur').get('ConfigMap', 'default', 'foreign')).toMatchObject({ data: { key: 'v' } })
  })

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

describe('replicas', () => {
  test('are fewer than regions wherever a tie puts them, and a region without any is warned of', async () => {
    const runs = await Promise.all(
      ['a', 'b', 'c'].map(name =>
        lab.deploy(together(deployment(name, 2), service(name)), { namespace: `few-${name}`, app: name }),
      ),
    )
    for (const { outputs, lines } of runs) {
      const counts = outputs.replicas as Record<string, number>
      expect(Object.values(counts).toSorted()).toEqual([0, 1, 1])
      const idle = names.find(name => counts[name] === 0)
      expect(lines.join()).toContain(`${idle}: a load balancer, but no pod behind it`)
    }
  })

  test.each([
    [7, 'even', [2, 2, 3]],
    [6, 'weights: {usa: 3, eur: 2, jpn: 1}', [1, 2, 3]],
  ])('of %i are divided by %s as Karmada does it', async (replicas, placement, expected) => {
    const { outputs } = await lab.deploy(deployment(`split-${replicas}`, replicas), { placement })
    expect(Object.values(outputs.replicas as object).toSorted()).toEqual(expected)
  })

  test('that a failover has moved are divided anew once the region is back', async () => {
    await lab.deploy(deployment('moved', 6))
    divide('moved', [
      { name: 'usa', replicas: 3 },
      { name: 'eur', replicas: 3 },
    ])
    await until(() => replicasIn(lab.member('usa'), 'moved') === 3)
    const run = await lab.deploy(deployment('moved', 6))
    expect(run.lines.join()).toContain(
      'Deployment default/moved is divided as usa 3, eur 3 instead of eur 2, jpn 2, usa 2',
    )
    expect(run.outputs.replicas).toEqual({ usa: 2, eur: 2, jpn: 2 })
  })
})

describe('a region that dies', () => {
  const isReady = () => JSON.stringify(lab.fed.get('Cluster', undefined, 'jpn')).includes('"ClusterReady"')
  const inLiving = (name: string, namespace = 'default') =>
    (['usa', 'eur'] as const).map(each => replicasIn(lab.member(each), name, namespace))
  afterEach(async () => {
    lab.mend('jpn')
    await until(isReady)
  })

  test('before anything is applied is named, and the others can go on without it and with it again', async () => {
    await lab.deploy(deployment('evacuated', 6))
    lab.cut('jpn')
    await until(() => !isReady())
    const late = { deadline: Date.now() + 5_000 }
    await expect(lab.deploy(deployment('evacuated', 9), {}, late)).rejects.toThrow(
      'jpn is not ready (ClusterNotReachable)',
    )
    expect(inLiving('evacuated')).toEqual([2, 2])
    const away = await lab.deploy(deployment('evacuated', 6), { placement: 'exclude: [jpn]' })
    expect(away.outputs.replicas).toEqual({ usa: 3, eur: 3 })
    lab.mend('jpn')
    const back = await lab.deploy(deployment('evacuated', 6))
    expect(back.outputs.replicas).toEqual({ usa: 2, eur: 2, jpn: 2 })
  })

  test('while the app is on its way is named when time is up, and the others have it', async () => {
    const stop = lab.fed.watch('Deployment', ({ object }) => {
      if (object.metadata.name === 'lost') lab.cut('jpn')
    })
    const job = { deadline: Date.now() + 20_000 }
    await expect(lab.deploy(deployment('lost', 3), {}, job)).rejects.toThrow(
      /^waited \d+s for the app in all regions; last seen: Deployment lost: jpn is not ready \(\w+\)$/,
    )
    stop()
    expect(inLiving('lost')).toEqual([1, 1])
  })

  test('keeps what is removed until it is back, which is told, and the others are freed of it', async () => {
    await lab.deploy(deployment('gone', 3), { namespace: 'gone', environment: 'gone' })
    lab.cut('jpn')
    await until(() => !isReady())
    const job = testJob()
    const identity = identityOf({ domain: 'k8s.example.com', environment: 'gone' }, job.run)
    const removal = await removeApp(job, lab.connect(), identity, [])
    expect(removal.left).toEqual(['Deployment gone/gone in jpn'])
    expect(job.lines.join()).toContain('Left in members that are not ready, until they are back: Deployment')
    expect(inLiving('gone', 'gone')).toEqual([undefined, undefined])
    lab.mend('jpn')
    await until(() => replicasIn(lab.member('jpn'), 'gone', 'gone') === undefined)
  })
})
