import { listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { beforeAll, expect, test } from 'vitest'
import { describeContract } from './contract.ts'
import { type Answer, patchTypes } from './test-server.ts'

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const group = '/apis/versions.example.com'
const at = (version: string, plural = 'trams') => `${group}/${version}/namespaces/default/${plural}`
const text = { type: 'string' }

function versionOf(name: string, fields: object, more: object = {}) {
  const spec = { type: 'object', properties: fields }
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec } } }
  return { name, served: true, storage: false, schema, ...more }
}

function definitionOf(plural: string, kind: string, versions: readonly object[]) {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.versions.example.com` },
    spec: {
      group: 'versions.example.com',
      scope: 'Namespaced',
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions,
    },
  }
}

const stored = { storage: true, deprecated: true }
const trams = definitionOf('trams', 'Tram', [
  versionOf('v1alpha1', { line: text, driver: text }, stored),
  versionOf('v1', { line: text, stops: { type: 'integer', default: 2 } }),
  versionOf('v2', { line: text }, { served: false }),
])
const tram = (name: string, version: string, spec: object = { line: 'ring' }) => ({
  apiVersion: `versions.example.com/${version}`,
  kind: 'Tram',
  metadata: { name },
  spec,
})
const managersOf = ({ body }: Answer) =>
  listAt(body, 'metadata', 'managedFields').map(each => [
    textAt(each, 'manager'),
    textAt(each, 'apiVersion'),
    valueAt(each, 'fieldsV1', 'f:spec'),
  ])

describeContract('definitions with several versions', server => {
  beforeAll(async () => {
    await server.call('POST', definitions, { body: trams })
    while ((await server.call('GET', at('v1'))).status !== 200)
      await new Promise(resolve => setTimeout(resolve, 50))
  }, 90_000)

  const apply = (name: string, version: string, spec: object, manager = 'm') =>
    server.call('PATCH', `${at(version)}/${name}?fieldManager=${manager}`, {
      body: tram(name, version, spec),
      type: patchTypes.apply,
    })

  test('serve the same objects in each, and in no other', async () => {
    await server.call('POST', at('v1'), { body: tram('both', 'v1') })
    for (const version of ['v1', 'v1alpha1']) {
      const { body } = await server.call('GET', `${at(version)}/both`)
      expect(body).toMatchObject({ apiVersion: `versions.example.com/${version}`, spec: { line: 'ring' } })
      const { body: list } = await server.call('GET', at(version))
      expect(list.apiVersion).toBe(`versions.example.com/${version}`)
      expect(listAt(list, 'items').map(item => textAt(item, 'apiVersion'))).toContain(
        `versions.example.com/${version}`,
      )
    }
    expect(await server.call('GET', at('v2'))).toMatchObject({ status: 404, text: '404 page not found\n' })
  })

  test('have each its own fields and defaults, and lose those that one does not have', async () => {
    const { body } = await server.call('POST', at('v1'), { body: tram('own', 'v1', { line: 'a', stops: 4 }) })
    expect(body.spec).toEqual({ line: 'a' })
    expect((await server.call('GET', `${at('v1')}/own`)).body.spec).toEqual({ line: 'a' })
    const old = await server.call('POST', at('v1alpha1'), {
      body: tram('old', 'v1alpha1', { line: 'a', driver: 'x' }),
    })
    expect(old.body.spec).toEqual({ line: 'a', driver: 'x' })
    expect((await server.call('GET', `${at('v1')}/old`)).body.spec).toEqual({ line: 'a' })
  })

  test('advise everybody to take the settled one', async () => {
    const advice = 'versions.example.com/v1alpha1 Tram is deprecated; use versions.example.com/v1 Tram'
    expect((await server.call('GET', at('v1alpha1'))).warnings).toEqual([advice])
    expect((await server.call('GET', at('v1'))).warnings).toEqual([])
  })

  test('keep what a manager applied through one when it applies through another', async () => {
    const [v1, alpha] = ['versions.example.com/v1', 'versions.example.com/v1alpha1']
    expect(managersOf(await apply('shared', 'v1', { line: 'a' }))).toEqual([['m', v1, { 'f:line': {} }]])
    const second = await apply('shared', 'v1alpha1', { line: 'b' })
    expect([second.status, managersOf(second)]).toEqual([200, [['m', alpha, { 'f:line': {} }]]])
    const seen = await server.call('GET', `${at('v1')}/shared`)
    expect([seen.body.apiVersion, managersOf(seen)]).toEqual([v1, [['m', alpha, { 'f:line': {} }]]])
  })

  test('take no field that the version of another manager does not have', async () => {
    await apply('narrow', 'v1', { line: 'a' })
    const problem = '.spec.driver: field not declared in schema'
    const pruning = 'failed to prune fields: failed to convert merged object to last applied version: '
    const config = { line: 'a', driver: 'x' }
    const own = await apply('narrow', 'v1alpha1', config)
    expect([own.status, own.body.message]).toEqual([500, pruning + problem])
    const other = await apply('narrow', 'v1alpha1', config, 'other')
    expect([other.status, other.body.message]).toEqual([500, `failed to convert new object: ${problem}`])
  })

  test('take away through one what was applied through another', async () => {
    await apply('dropped', 'v1alpha1', { line: 'a', driver: 'x' })
    await apply('dropped', 'v1', { line: 'a' })
    expect((await server.call('GET', `${at('v1alpha1')}/dropped`)).body.spec).toEqual({ line: 'a' })
  })

  test('find what others own through another', async () => {
    await apply('fought', 'v1alpha1', { line: 'a' }, 'first')
    const { status, body } = await apply('fought', 'v1', { line: 'b' }, 'second')
    expect([status, body.message]).toEqual([
      409,
      'Apply failed with 1 conflict: conflict with "first": .spec.line',
    ])
  })

  test('take no body of another version', async () => {
    const posted = await server.call('POST', at('v1'), { body: tram('other', 'v1alpha1') })
    expect([posted.status, posted.body.message]).toEqual([
      400,
      'the API version in the data (versions.example.com/v1alpha1) does not match the expected API version (versions.example.com/v1)',
    ])
    const applied = await server.call('PATCH', `${at('v1')}/other?fieldManager=m`, {
      body: tram('other', 'v1alpha1'),
      type: patchTypes.apply,
    })
    expect([applied.status, applied.body.message]).toEqual([
      400,
      'invalid object type: versions.example.com/v1alpha1, Kind=Tram',
    ])
  })

  test('are watched in the version that is asked for', async () => {
    const { body } = await server.call('POST', at('v1alpha1'), { body: tram('watched', 'v1alpha1') })
    const from = Number(textAt(body, 'metadata', 'resourceVersion')) - 1
    for (const version of ['v1', 'v1alpha1']) {
      const path = `${at(version)}?watch=true&timeoutSeconds=1&resourceVersion=${from}&fieldSelector=metadata.name%3Dwatched`
      const [line = ''] = (await server.call('GET', path, { lines: true })).text.split('\n')
      expect(textAt(JSON.parse(line), 'object', 'apiVersion')).toBe(`versions.example.com/${version}`)
    }
  })

  test('are found with the settled one first', async () => {
    const { body } = await server.call('GET', group)
    expect(listAt(body, 'versions').map(each => textAt(each, 'version'))).toEqual(['v1', 'v1alpha1'])
    expect(textAt(body, 'preferredVersion', 'version')).toBe('v1')
    expect(textAt((await server.call('GET', `${group}/v1`)).body, 'resources', 0, 'name')).toBe('trams')
  })

  test('remember every version that was ever stored', async () => {
    await server.call('POST', definitions, {
      body: definitionOf('ferries', 'Ferry', [versionOf('v1', {}, { storage: true }), versionOf('v2', {})]),
    })
    const path = `${definitions}/ferries.versions.example.com`
    const storedVersions = async () =>
      valueAt((await server.call('GET', path)).body, 'status', 'storedVersions')
    expect(await storedVersions()).toEqual(['v1'])
    const versions = [versionOf('v1', {}), versionOf('v2', {}, { storage: true })]
    await server.merge(path, { spec: { versions } })
    expect(await storedVersions()).toEqual(['v1', 'v2'])
  })
})

describeContract('a definition', server => {
  const path = `${definitions}/dinghies.versions.example.com`
  const dinghies = at('v1', 'dinghies')
  const dinghy = (name: string, finalizers: readonly string[] = []) => ({
    apiVersion: 'versions.example.com/v1',
    kind: 'Dinghy',
    metadata: { name, finalizers },
  })
  const conditions = ({ body }: Answer) =>
    listAt(body, 'status', 'conditions').map(each =>
      ['type', 'status', 'reason'].map(key => textAt(each, key)),
    )

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 50))
  }

  async function define(): Promise<Answer> {
    const body = definitionOf('dinghies', 'Dinghy', [versionOf('v1', {}, { storage: true })])
    const made = await server.call('POST', definitions, { body })
    await until(async () => (await server.call('GET', dinghies)).status === 200)
    return made
  }

  test('is established after it has been made', async () => {
    const made = await define()
    expect(made.body.status).toMatchObject({
      acceptedNames: { kind: '', plural: '' },
      storedVersions: ['v1'],
    })
    expect(conditions(made)).toEqual([])
    expect(conditions(await server.call('GET', path))).toEqual([
      ['NamesAccepted', 'True', 'NoConflicts'],
      ['Established', 'True', 'InitialNamesAccepted'],
    ])
  })

  test('that is deleted waits for its objects, serves them, and takes no new ones', async () => {
    await define()
    await server.call('POST', dinghies, { body: dinghy('held', ['example.com/own']) })
    await server.call('POST', dinghies, { body: dinghy('free') })
    const deleted = await server.call('DELETE', path)
    expect([deleted.status, deleted.body.kind]).toEqual([200, 'CustomResourceDefinition'])
    expect(valueAt(deleted.body, 'metadata', 'finalizers')).toEqual([
      'customresourcecleanup.apiextensions.k8s.io',
    ])
    expect(conditions(deleted).at(-1)).toEqual(['Terminating', 'True', 'InstanceDeletionPending'])
    await until(async () => (await server.call('GET', `${dinghies}/free`)).status === 404)
    expect(conditions(await server.call('GET', path)).at(-1)).toEqual([
      'Terminating',
      'True',
      'InstanceDeletionInProgress',
    ])
    const { body: list } = await server.call('GET', dinghies)
    expect(listAt(list, 'items').map(item => textAt(item, 'metadata', 'name'))).toEqual(['held'])
    const refusals = [
      await server.call('POST', dinghies, { body: dinghy('new') }),
      await server.call('PATCH', `${dinghies}/new?fieldManager=m`, {
        body: dinghy('new'),
        type: patchTypes.apply,
      }),
    ]
    for (const { status, body } of refusals)
      expect([status, body.message]).toEqual([
        403,
        'dinghies.versions.example.com "new" is forbidden: create not allowed while custom resource definition is terminating',
      ])
    await server.merge(`${dinghies}/held`, { metadata: { finalizers: null } })
    await until(async () => (await server.call('GET', path)).status === 404)
    await until(async () => (await server.call('GET', dinghies)).status === 404)
  }, 90_000)
})
