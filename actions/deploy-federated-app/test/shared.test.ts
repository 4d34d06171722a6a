import { type Claim, identityOf } from '@meridian/identity'
import { type InstalledPlane, judgePlane, listAppObjects, removeApp, writeRecord } from '@meridian/karmada'
import { connectKube, describeRef, type KubeObject, refOf } from '@meridian/kube'
import { until } from '@meridian/lab-universe/testing'
import { testJob } from '@meridian/runner/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import {
  configMap,
  deployment,
  type LabFederation,
  replicasIn,
  service,
  startFederation,
  widgets,
} from './lab-federation.ts'

const names = ['usa', 'eur'] as const
const recordPlace = { namespace: 'karmada-system', name: 'meridian-installation' }
const run = { ...testJob().run }
const theirRun = { ...run, repository: 'globex/shop', repositoryId: '2002' }
const us = identityOf({ domain: 'k8s.example.com' }, run)
const them = identityOf({ domain: 'k8s.example.com' }, theirRun)

let lab: LabFederation
beforeAll(async () => {
  lab = await startFederation(names)
})
afterAll(() => lab.close())

const together = (...manifests: string[]) => manifests.join('---')
const namespaceOf = (name: string) => `
apiVersion: v1
kind: Namespace
metadata: {name: ${name}}
`
const deploy = (manifest: string, inputs: Record<string, string> = {}) =>
  lab.deploy(manifest, inputs, { run })
const deployTheirs = (manifest: string, inputs: Record<string, string> = {}) =>
  lab.deploy(manifest, inputs, { run: theirRun })

/** All that a namespace holds in the federation and in its members, without what counts versions. */
function contentOf(namespace: string): string {
  const kinds = ['ConfigMap', 'Service', 'Deployment', 'PropagationPolicy', 'OverridePolicy']
  const stores = [lab.fed, ...names.map(lab.member)]
  return JSON.stringify(
    stores.map((store, at) =>
      kinds
        .filter(kind => at === 0 || !kind.endsWith('Policy'))
        .flatMap(kind => store.list(kind, { namespace }))
        .map(({ kind, metadata, spec, data }) => [
          kind,
          metadata.name,
          metadata.uid,
          metadata.annotations,
          spec,
          data,
        ]),
    ),
  )
}

async function planeOf(identity = us): Promise<Claim<InstalledPlane>> {
  return (await judgePlane(await hostKube(), identity)).claim
}

async function hostKube() {
  const { signal } = new AbortController()
  return connectKube(await lab.lab.universe.kubeconfig(), {
    context: 'usa',
    userAgent: 'meridian-test/1',
    signal,
    env: {},
  })
}

const removeOurs = async (plane?: Claim<InstalledPlane>) =>
  removeApp(testJob(), lab.connect(), us, [await hostKube()], plane)

describe('on a federation that two repositories share, with the same labels', () => {
  const app = (name: string) => together(deployment(name, 2), service(name), configMap(name))

  test('a deployment of what the other has made is refused, with whose it is, and changes nothing', async () => {
    await deploy(app('web'), { namespace: 'one' })
    const before = contentOf('one')
    const ways: Record<string, string>[] = [{}, { adopt: 'true' }, { 'dry-run': 'true' }]
    for (const inputs of ways) {
      await expect(deployTheirs(app('web'), { namespace: 'one', ...inputs })).rejects.toThrow(
        'Deployment one/web belongs to k8s.example.com of o/r (app default)',
      )
      expect(contentOf('one')).toBe(before)
    }
  })

  test('pruning leaves what the other has made', async () => {
    await deploy(together(configMap('stays'), configMap('goes')), { namespace: 'two', app: 'web' })
    await deployTheirs(configMap('theirs'), { namespace: 'two', app: 'web' })
    const pruned = await deploy(configMap('stays'), { namespace: 'two', app: 'web', prune: 'true' })
    expect(pruned.lines.join('\n')).toContain('ConfigMap two/goes: deleted')
    expect(lab.fed.list('ConfigMap', { namespace: 'two' }).map(({ metadata }) => metadata.name)).toEqual([
      'stays',
      'theirs',
    ])
  })

  test('removing an app leaves what the other has made, and the namespace that holds it', async () => {
    await deploy(together(namespaceOf('three'), app('web')), { namespace: 'three' })
    await deployTheirs(app('theirs'), { namespace: 'three' })
    const { templates, namespaces, spared } = await listAppObjects(lab.connect(), us)
    const nameOf = (object: KubeObject) => describeRef(refOf(object))
    expect(templates.map(nameOf)).toContain('Deployment three/web')
    expect(namespaces.map(nameOf)).toContain('Namespace three')
    expect(spared).toContainEqual({
      what: 'Deployment three/theirs',
      whose: 'k8s.example.com of globex/shop (app default)',
    })
    const removal = await removeOurs()
    expect(removal.removed).toContain('Deployment three/web')
    expect(removal.removed.join()).not.toMatch(/theirs|Namespace three/)
    expect(removal.spared.map(({ what }) => what)).toContain('Namespace three')
    for (const store of [lab.fed, ...names.map(lab.member)]) {
      expect(store.get('Service', 'three', 'theirs')).toBeDefined()
      expect(store.get('Service', 'three', 'web')).toBeUndefined()
    }
    expect(replicasIn(lab.member('usa'), 'theirs', 'three')).toBe(1)
  })

  test('a namespace goes with the last that it holds, unless somebody has put something into a member', async () => {
    await deploy(together(namespaceOf('four'), configMap('web')), { namespace: 'four' })
    const metadata = { name: 'by-hand', namespace: 'four' }
    lab.member('usa').create('ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap', metadata })
    lab.member('usa').create('CustomResourceDefinition', parse(widgets({ type: 'object' })))
    await until(() => lab.member('usa').findKind('Widget') !== undefined)
    lab.member('usa').create('Widget', { apiVersion: 'example.com/v1', kind: 'Widget', metadata })
    const first = await removeOurs()
    expect(first.spared).toContainEqual({
      what: 'Namespace four',
      whose: 'us',
      because: 'it also holds ConfigMap four/by-hand in usa, Widget four/by-hand in usa',
    })
    expect(lab.member('usa').get('ConfigMap', 'four', 'by-hand')).toBeDefined()
    lab.member('usa').remove('ConfigMap', 'four', 'by-hand')
    lab.member('usa').remove('Widget', 'four', 'by-hand')
    expect((await removeOurs()).removed).toContain('Namespace four')
  })

  test('an app that several share a namespace with does not fight for its mark', async () => {
    const shared = (name: string) => together(namespaceOf('five'), configMap(name))
    await deploy(shared('web'), { namespace: 'five', app: 'web' })
    await deploy(shared('cart'), { namespace: 'five', app: 'cart' })
    const again = await deploy(shared('web'), { namespace: 'five', app: 'web' })
    expect(again.outputs.changed).toBe(false)
  })
})

describe('what answers in the place of the federation', () => {
  const operations = ['get /apis/apps/v1', 'get deployments.apps', 'list clusters.cluster.karmada.io']
  const answers = ['proxy-404', 'proxy-page', 'empty-200', 'denied'] as const

  test.each(
    [...operations, 'list propagationpolicies.policy.karmada.io'].flatMap(operation =>
      answers.map(failure => [operation, failure] as const),
    ),
  )('to %s with %s is not believed, and nothing is changed or pruned', async (operation, failure) => {
    const app = together(deployment('kept', 2), configMap('rest'))
    await deploy(app, { namespace: 'six', app: 'six' })
    const before = contentOf('six')
    const fault = { failure, nth: 1, times: Number.POSITIVE_INFINITY, client: 'test', operation } as const
    const planned = lab.lab.universe.world.faults.requests.plan(fault)
    const run = deploy(deployment('kept', 4), { namespace: 'six', app: 'six', prune: 'true' })
    await expect(run).rejects.toThrow()
    expect(planned.struck()).toBeGreaterThan(0)
    planned.forget()
    expect(contentOf('six')).toBe(before)
  })
})

describe('objects of version 0.1, which have labels only', () => {
  const objects = () =>
    ['ConfigMap', 'PropagationPolicy'].flatMap(kind => lab.fed.list(kind, { namespace: 'older' }))
  const marked = () =>
    objects().map(({ metadata }) => metadata.annotations?.['meridian.dev/mark'] !== undefined)

  beforeAll(async () => {
    await deploy(configMap('web'), { namespace: 'older' })
    for (const { kind, metadata } of objects())
      lab.fed.modify(kind, 'older', metadata.name, draft => {
        delete draft.metadata.annotations?.['meridian.dev/mark']
      })
    expect(marked()).toEqual([false, false])
  })

  test('stay on a federation that is not ours to take apart, since nobody can tell who has made them', async () => {
    const removal = await removeOurs()
    expect(removal.removed.join()).not.toContain('older')
    expect(removal.spared).toContainEqual({
      what: 'ConfigMap older/web',
      whose: 'somebody who has left no mark on it',
    })
    await writeRecord(await hostKube(), { state: 'installed', version: '1.18.2' }, them)
    const theirPlane = await planeOf()
    expect(theirPlane.kind).toBe('foreign')
    expect((await removeOurs(theirPlane)).removed).toEqual([])
  })

  test('are not pruned', async () => {
    const pruned = await deploy(configMap('other'), { namespace: 'older', app: 'default', prune: 'true' })
    expect(pruned.lines.join('\n')).toContain('stays: version 0.1 has made it')
    expect(lab.fed.get('ConfigMap', 'older', 'web')).toBeDefined()
  })

  test('get their mark from the next run that names them', async () => {
    const { outputs } = await deploy(together(configMap('web'), configMap('other')), { namespace: 'older' })
    expect(outputs.changed).toBe(true)
    expect(new Set(marked())).toEqual(new Set([true]))
    const again = await deploy(together(configMap('web'), configMap('other')), { namespace: 'older' })
    expect(again.outputs.changed).toBe(false)
  })

  test('go with the app on a federation that we have installed', async () => {
    for (const { kind, metadata } of objects())
      lab.fed.modify(kind, 'older', metadata.name, draft => {
        delete draft.metadata.annotations?.['meridian.dev/mark']
      })
    const host = await hostKube()
    await host.remove({ apiVersion: 'v1', kind: 'ConfigMap', ...recordPlace })
    await writeRecord(host, { state: 'installed', version: '1.18.2' }, us)
    const { removed } = await removeOurs(await planeOf())
    expect(removed).toContain('ConfigMap older/web')
    expect(objects()).toEqual([])
  })
})
