import { identityOf, makeMark, objectAnnotations, objectLabels } from '@meridian/identity'
import { bindingName } from '@meridian/karmada'
import type { KubeObject } from '@meridian/kube'
import { compareSnapshots, takeSnapshot } from '@meridian/lab-universe'
import { until } from '@meridian/lab-universe/testing'
import { testJob } from '@meridian/runner/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { configMap, deployment, type LabFederation, service, startFederation } from './lab-federation.ts'

const names = ['usa', 'eur'] as const
const theirRun = { ...testJob().run, repository: 'globex/shop', repositoryId: '2002' }
const them = identityOf({ domain: 'k8s.example.com' }, theirRun)
const theirMark = { labels: objectLabels(them), annotations: objectAnnotations(makeMark(them)) }
const whose = 'belongs to k8s.example.com of globex/shop'

let lab: LabFederation
beforeAll(async () => {
  lab = await startFederation(names)
})
afterEach(() => lab.lab.universe.world.faults.requests.clear())
afterAll(() => lab.close())

const operations = {
  ConfigMap: 'configmaps',
  Deployment: 'deployments.apps',
  Service: 'services',
  PropagationPolicy: 'propagationpolicies.policy.karmada.io',
  OverridePolicy: 'overridepolicies.policy.karmada.io',
}
type Kind = keyof typeof operations

/** Does something right before the action's `nth` request of a kind is carried out. */
function before(verb: 'patch' | 'delete', kind: Kind, nth: number, onStrike: () => void) {
  const operation = `${verb} ${operations[kind]}`
  return lab.lab.universe.world.faults.requests.plan({ nth, client: 'test', operation, onStrike })
}

/** What only a live object has, left out. */
function madeOf({ apiVersion, kind, metadata, spec, data }: KubeObject): KubeObject {
  const { name, namespace = '' } = metadata
  return {
    apiVersion,
    kind,
    metadata: { name, namespace },
    ...(spec ? { spec } : {}),
    ...(data ? { data } : {}),
  }
}

function makeTheirs(object: KubeObject, marks: object = theirMark): KubeObject {
  const made = madeOf(object)
  return lab.fed.create(object.kind, { ...made, metadata: { ...made.metadata, ...marks } })
}

/** An object as the action makes it, from a run whose app has another name. */
async function sampleOf(kind: Kind, manifest: (name: string) => string, name: string): Promise<KubeObject> {
  await lab.deploy(manifest(name), { namespace: 'samples' })
  const found = lab.fed.list(kind, { namespace: 'samples' }).find(each => each.metadata.name.startsWith(name))
  if (found === undefined) throw new Error(`no ${kind} of ${name}`)
  const text = JSON.stringify(madeOf(found)).replaceAll('"samples"', '"default"')
  const sample = JSON.parse(text) as KubeObject
  // Addresses and ports are given once.
  return kind === 'Service' ? { ...sample, spec: { ports: [{ name: 'http', port: 80 }] } } : sample
}

const world = () => takeSnapshot(lab.lab.universe)
const web = (name: string) => [deployment(name, 2), service(name)].join('---')

describe('what another makes while a run works, where there was nothing', () => {
  test.each<[Kind, string, number]>([
    ['Deployment', 'is checked', 1],
    ['Deployment', 'is made', 2],
    ['Service', 'is made', 2],
    ['PropagationPolicy', 'is checked', 1],
    ['PropagationPolicy', 'is made', 2],
    ['OverridePolicy', 'is made', 2],
  ])('%s, right before ours %s: stays as it is, and the run names its owner', async (kind, _, nth) => {
    const manifest = kind === 'Deployment' ? (name: string) => deployment(name, 2) : service
    const name = `new-${kind.toLowerCase()}-${nth}`
    const sample = await sampleOf(kind, manifest, name)
    const former = world()
    let theirs: KubeObject | undefined
    const fault = before('patch', kind, nth, () => {
      theirs = makeTheirs(sample)
    })
    await expect(lab.deploy(manifest(name))).rejects.toThrow(whose)
    expect(fault.struck()).toBe(1)
    const there = () => lab.fed.get(kind, 'default', sample.metadata.name)
    const copied = kind.endsWith('Policy') ? 'Service' : kind
    await until(() => names.every(member => lab.member(member).get(copied, 'default', name) === undefined))
    await until(() => lab.fed.get('ResourceBinding', 'default', bindingName(kind, name)) === undefined)
    await until(() => JSON.stringify(there()?.metadata.labels) === JSON.stringify(theirs?.metadata.labels))
    const [only, ...more] = compareSnapshots(former, world())
    expect(only).toContain(`+ karmada on usa.k8s.example.com ${kind} default ${sample.metadata.name}`)
    expect(more).toEqual([])
    expect(madeOf(there() ?? sample)).toEqual(madeOf(theirs ?? sample))
  })

  test('and bears no mark, is not adopted unseen', async () => {
    const sample = await sampleOf('ConfigMap', configMap, 'unseen')
    before('patch', 'ConfigMap', 2, () => void makeTheirs({ ...sample, data: { key: 'theirs' } }, {}))
    await expect(lab.deploy(configMap('unseen'), { adopt: 'true' })).rejects.toThrow(
      'ConfigMap default/unseen is there and was not made by Meridian',
    )
    expect(lab.fed.get('ConfigMap', 'default', 'unseen')?.data).toEqual({ key: 'theirs' })
  })
})

describe('what becomes another’s while a run works', () => {
  const ways = {
    'is replaced': (kind: Kind, name: string) => {
      const former = lab.fed.remove(kind, 'default', name)
      if (former) makeTheirs(former)
    },
    'changes its mark': (kind: Kind, name: string) =>
      void lab.fed.modify(kind, 'default', name, draft => {
        Object.assign(draft.metadata, {
          labels: { ...draft.metadata.labels, ...theirMark.labels },
          annotations: { ...draft.metadata.annotations, ...theirMark.annotations },
        })
      }),
  }
  const cases = (['ConfigMap', 'Deployment', 'Service'] as const).flatMap(kind =>
    (['is replaced', 'changes its mark'] as const).flatMap(way =>
      [1, 2].map(nth => [kind, way, nth === 1 ? 'check' : 'change', nth] as const),
    ),
  )

  test.each(cases)('%s that %s right before the %s of it stays as it is', async (kind, way, _, nth) => {
    const name = `${kind}-${way.split(' ')[1]}-${nth}`.toLowerCase()
    const app = (version: number) =>
      kind === 'Deployment'
        ? deployment(name, version)
        : kind === 'Service'
          ? `${service(name)}`
          : configMap(name, `v${version}`)
    await lab.deploy(app(1))
    let theirs: KubeObject | undefined
    const fault = before('patch', kind, nth, () => {
      ways[way](kind, name)
      theirs = lab.fed.get(kind, 'default', name)
    })
    const next = kind === 'Service' ? app(2).replace('port: 80', 'port: 81') : app(2)
    await expect(lab.deploy(next)).rejects.toThrow(`${kind} default/${name} ${whose}`)
    expect(fault.struck()).toBe(1)
    const now = lab.fed.get(kind, 'default', name)
    expect(now?.metadata.uid).toBe(theirs?.metadata.uid)
    expect(madeOf(now ?? (lab.fed.list('Namespace')[0] as KubeObject))).toEqual(madeOf(theirs as KubeObject))
    expect(now?.metadata.annotations).toMatchObject(theirMark.annotations)
  })

  test.each(Object.keys(ways) as (keyof typeof ways)[])(
    'is not pruned when it %s right before that',
    async way => {
      const name = `pruned-${way.split(' ')[1]}`
      await lab.deploy([configMap(name), configMap(`${name}-stays`)].join('---'), { app: name })
      before('delete', 'ConfigMap', 1, () => ways[way]('ConfigMap', name))
      const pruning = lab.deploy(configMap(`${name}-stays`), { app: name, prune: 'true' })
      await expect(pruning).rejects.toThrow(`ConfigMap default/${name} is not what it was`)
      expect(lab.fed.get('ConfigMap', 'default', name)?.metadata.annotations).toMatchObject(
        theirMark.annotations,
      )
    },
  )

  test('a status that a controller writes meanwhile stops nothing', async () => {
    await lab.deploy(web('busy'))
    let count = 0
    for (const nth of [1, 2])
      before('patch', 'Deployment', nth, () => {
        lab.fed.modify('Deployment', 'default', 'busy', draft => {
          count += 1
          draft.metadata.annotations = { ...draft.metadata.annotations, seen: String(count) }
        })
      })
    await lab.deploy(web('busy').replace('replicas: 2', 'replicas: 3'))
    expect(count).toBe(2)
    const now = lab.fed.get('Deployment', 'default', 'busy')
    expect([now?.spec, now?.metadata.annotations]).toMatchObject([{ replicas: 3 }, { seen: '2' }])
  })
})
