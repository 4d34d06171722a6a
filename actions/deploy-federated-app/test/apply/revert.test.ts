import { identityOf, makeMark, objectAnnotations, objectLabels } from '@meridian/identity'
import type { KubeObject } from '@meridian/kube'
import { compareSnapshots, takeSnapshot } from '@meridian/lab-universe'
import { type Name, until } from '@meridian/lab-universe/testing'
import { testJob } from '@meridian/runner/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { giveBackFields } from '../../src/apply/revert.ts'
import {
  configMap,
  deployment,
  imageIn,
  type LabFederation,
  service,
  startFederation,
  widgets,
} from '../lab-federation.ts'

const names = ['usa', 'eur'] as const
let lab: LabFederation
beforeAll(async () => {
  lab = await startFederation(names)
})
afterEach(() => lab.lab.universe.world.faults.requests.clear())
afterAll(() => lab.close())

const together = (...manifests: string[]) => manifests.join('---')
const them = identityOf(
  { domain: 'k8s.example.com' },
  { ...testJob().run, repository: 'globex/shop', repositoryId: '2002' },
)
const theirMark = { labels: objectLabels(them), annotations: objectAnnotations(makeMark(them)) }

/** Right before the Service is applied (not only checked) there is another's, so that the federation refuses ours. */
function refuseService(namespace: string, name: string, besides = () => {}) {
  return lab.lab.universe.world.faults.requests.plan({
    nth: 2,
    client: 'test',
    operation: 'patch services',
    onStrike: () => {
      besides()
      lab.fed.create('Service', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace, ...theirMark },
        spec: { ports: [{ name: 'http', port: 80 }] },
      })
    },
  })
}

const ownersOf = (object: KubeObject | undefined) =>
  (object?.metadata as { managedFields?: { manager: string }[] } | undefined)?.managedFields?.map(
    ({ manager }) => manager,
  ) ?? []

const refusalOf = (manifest: string, inputs: Record<string, string>): Promise<Error> =>
  lab.deploy(manifest, inputs).then(
    () => new Error('it went well'),
    (error: Error) => error,
  )
const world = () => takeSnapshot(lab.lab.universe)

describe('a run that the federation refuses half way', () => {
  test('takes back all that it has made, and names it', async () => {
    const made = together(configMap('new'), deployment('new', 2), service('new'))
    lab.fed.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'theirs' } })
    const arrived = (name: Name) => lab.member(name).get('ConfigMap', 'theirs', 'kube-root-ca.crt')
    await until(() => names.every(arrived))
    const former = world()
    refuseService('theirs', 'new')
    const failure = await refusalOf(made, { namespace: 'theirs' })
    const [what, back, ...more] = failure.message.split('\n')
    expect(what).toBe('Service theirs/new belongs to k8s.example.com of globex/shop')
    expect(back).toMatch(
      /^taken back, so that it is as before: .*Deployment theirs\/new.*ConfigMap theirs\/new/,
    )
    expect(more).toEqual([])
    const isGone = () =>
      names.every(member => lab.member(member).get('Deployment', 'theirs', 'new') === undefined)
    await until(() => isGone() && lab.fed.list('ResourceBinding', { namespace: 'theirs' }).length === 0)
    expect(compareSnapshots(former, world())).toEqual([
      expect.stringMatching(/^\+ karmada on \S+ Service theirs new$/),
    ])
  })

  test('brings what it has changed back to what it was, and leaves what others have set in it', async () => {
    const version = (n: number) =>
      together(configMap('old', `v${n}`), deployment('old', 2 * n, `web:${n}`).replace('10m', `${n}0m`))
    await lab.deploy(version(1), {})
    lab.fed.modify('Deployment', 'default', 'old', draft => {
      draft.metadata.annotations = { ...draft.metadata.annotations, team: 'shop' }
    })
    const objects = () => [
      lab.fed.get('ConfigMap', 'default', 'old'),
      lab.fed.get('Deployment', 'default', 'old'),
    ]
    const contentOf = () =>
      objects().map(each => [each?.spec, each?.data, each?.metadata.labels, each?.metadata.annotations])
    const former = contentOf()
    refuseService('default', 'old')
    const failure = await refusalOf(together(version(2), service('old')), {})
    expect(failure.message).toContain('taken back, so that it is as before: ')
    expect(contentOf()).toEqual(former)
    await until(() => names.every(member => imageIn(lab.member(member), 'old') === 'web:1'))
    const again = await lab.deploy(version(1), {})
    expect(again.outputs.changed).toBe(false)
  })

  test('gives back what it has adopted as it was', async () => {
    const data = { key: 'theirs', more: 'kept' }
    lab.fed.create('ConfigMap', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'given', namespace: 'default' },
      data,
    })
    refuseService('default', 'given')
    await refusalOf(together(configMap('given', 'ours'), service('given')), { adopt: 'true' })
    const now = lab.fed.get('ConfigMap', 'default', 'given')
    expect(now?.data).toEqual(data)
    expect(now?.metadata.annotations ?? {}).not.toHaveProperty('meridian.dev/mark')
  })

  test('gives back the fields that somebody has applied', async () => {
    const theirs = (name: string, value: string) =>
      lab.connect().request('PATCH', `/api/v1/namespaces/default/configmaps/${name}`, {
        query: { fieldManager: 'kubectl', force: 'true' },
        contentType: 'application/apply-patch+yaml',
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { key: value } },
      })
    await theirs('lent', 'theirs')
    const before = lab.fed.get('ConfigMap', 'default', 'lent')
    refuseService('default', 'lent')
    await refusalOf(together(configMap('lent', 'ours'), service('lent')), { adopt: 'true' })
    const after = lab.fed.get('ConfigMap', 'default', 'lent')
    expect(after?.data).toEqual(before?.data)
    expect(ownersOf(after)).toContain('kubectl')
    expect(ownersOf(after)).not.toContain('meridian')
  })

  test('tells what it cannot take back, since it is another’s by now', async () => {
    const { requests } = lab.lab.universe.world.faults
    refuseService('default', 'lost')
    requests.plan({
      nth: 1,
      client: 'test',
      operation: 'delete configmaps',
      onStrike: () =>
        void lab.fed.modify('ConfigMap', 'default', 'lost', draft => {
          Object.assign(draft.metadata.annotations ?? {}, theirMark.annotations)
        }),
    })
    const failure = await refusalOf(together(configMap('lost'), service('lost')), {})
    expect(failure.message).toMatch(
      /applied, and could not be taken back: ConfigMap default\/lost \(.*is not what it was/,
    )
    expect(lab.fed.get('ConfigMap', 'default', 'lost')).toBeDefined()
  })
})

describe('fields are given back', () => {
  const entry = (manager: string, fields: object, operation = 'Apply') => ({
    manager,
    operation,
    fieldsV1: fields,
  })
  const object = (resourceVersion: string, ...managedFields: object[]): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', namespace: 'shop', resourceVersion, ...{ managedFields } },
  })
  const theirs = entry('kubectl', { 'f:data': {} }, 'Update')
  const ours = entry('meridian', { 'f:data': {} })

  test('where others had them and have not written since, whoever has come besides', () => {
    const karmada = entry('karmada', { 'f:metadata': {} }, 'Update')
    const given = [object('1', theirs), object('2', ours), object('3', ours, karmada)] as const
    expect(giveBackFields(...given)).toEqual([
      { op: 'test', path: '/metadata/resourceVersion', value: '3' },
      { op: 'replace', path: '/metadata/managedFields', value: [theirs, karmada] },
    ])
  })

  test.each<[string, KubeObject, KubeObject]>([
    [
      'they have written since',
      object('1', theirs),
      object('3', ours, entry('kubectl', { 'f:spec': {} }, 'Update')),
    ],
    ['some were ours before', object('1', theirs, ours), object('3', ours)],
    ['nobody is known to have had them', object('1'), object('3', ours)],
  ])('not where %s', (_, before, restored) => {
    expect(giveBackFields(before, object('2', ours), restored)).toBeUndefined()
  })
})

const widget = (spec: object) =>
  `\napiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: ${JSON.stringify(spec)}\n`
const sized = (more: object = {}) => ({
  type: 'object',
  properties: { spec: { type: 'object', properties: { size: { type: 'integer' }, ...more } } },
})

describe('a custom resource whose definition comes in the same run', () => {
  const inputs = { namespace: 'kinds' }

  test('is checked by it before anything is applied, with all else that is wrong', async () => {
    const former = world()
    const wrong = together(widgets(sized()), widget({ size: 'big', colour: 'red' }), service('web', 'Lode'))
    const failure = await refusalOf(wrong, inputs)
    expect(failure.message.split('\n').toSorted()).toEqual([
      expect.stringContaining('- Service kinds/web: '),
      '- Widget kinds/w: .spec.colour: field not declared in schema',
      '- Widget kinds/w: .spec.size: expected number, received string',
      'the federation refuses what the manifests say:',
    ])
    expect(compareSnapshots(former, world())).toEqual([])
  })

  test('is taken back with its definition and its namespace when something else is refused later', async () => {
    const former = world()
    refuseService('default', 'late')
    const late = service('late').replace('name: late', 'name: late, namespace: default')
    const failure = await refusalOf(together(widgets(sized()), widget({ size: 1 }), late), inputs)
    const [, back, ...more] = failure.message.split('\n')
    expect(back).toMatch(/Widget kinds\/w.*CustomResourceDefinition widgets.example.com.*Namespace kinds/)
    expect(more).toEqual([])
    const theirs = expect.stringMatching(/^\+ karmada on \S+ Service default late$/)
    await until(() => compareSnapshots(former, world()).length === 1)
    expect(compareSnapshots(former, world())).toEqual([theirs])
    lab.fed.remove('Service', 'default', 'late')
  })

  describe('leaves its definition and its namespace to what others have made with them by then', () => {
    const theirs = {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w', namespace: 'kinds', ...theirMark },
    }
    afterEach(async () => {
      const definition = 'widgets.example.com'
      if (lab.fed.get('CustomResourceDefinition', undefined, definition))
        lab.fed.remove('CustomResourceDefinition', undefined, definition)
      lab.fed.remove('Namespace', undefined, 'kinds')
      const stores = [lab.fed, ...names.map(lab.member)]
      for (const name of names)
        if (lab.member(name).get('ConfigMap', 'kinds', 'theirs'))
          lab.member(name).remove('Namespace', undefined, 'kinds')
      await until(() => stores.every(store => store.get('Namespace', undefined, 'kinds') === undefined))
    })

    test('in the federation', async () => {
      lab.lab.universe.world.faults.requests.plan({
        nth: 1,
        client: 'test',
        operation: 'patch widgets.example.com',
        onStrike: () => void lab.fed.create('Widget', theirs),
      })
      const failure = await refusalOf(together(widgets(sized()), widget({ size: 1 })), inputs)
      expect(failure.message).toMatch(
        /could not be taken back: CustomResourceDefinition widgets.example.com \(it holds Widget kinds\/w\), Namespace kinds \(it holds Widget kinds\/w\)$/,
      )
      expect(lab.fed.get('Widget', 'kinds', 'w')?.metadata.deletionTimestamp).toBeUndefined()
    })

    test('in a member', async () => {
      const eur = lab.member('eur')
      refuseService('default', 'late', () => {
        if (eur.get('Namespace', undefined, 'kinds') === undefined)
          eur.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kinds' } })
        const metadata = { name: 'theirs', namespace: 'kinds' }
        eur.create('ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap', metadata })
      })
      const late = service('late').replace('name: late', 'name: late, namespace: default')
      const failure = await refusalOf(together(widgets(sized()), widget({ size: 1 }), late), inputs)
      expect(failure.message).toMatch(/taken back.*CustomResourceDefinition widgets.example.com/)
      expect(failure.message).toMatch(
        /could not be taken back: Namespace kinds \(it holds ConfigMap kinds\/theirs in eur\)$/,
      )
      lab.fed.remove('Service', 'default', 'late')
    })
  })

  test('may use what a change of its definition brings', async () => {
    const next = together(widgets(sized({ colour: { type: 'string' } })), widget({ size: 1, colour: 'red' }))
    await lab.deploy(together(widgets(sized()), widget({ size: 1 })), inputs)
    await lab.deploy(next, inputs)
    expect(lab.member('eur').get('Widget', 'kinds', 'w')).toMatchObject({ spec: { colour: 'red' } })
    await expect(lab.deploy(next.replace('"red"', '7'), inputs)).rejects.toThrow(/Widget kinds\/w: .*colour/)
  })
})
