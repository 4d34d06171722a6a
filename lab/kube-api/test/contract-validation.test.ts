import { expect, test } from 'vitest'
import { describeContract, ship, shipsPath } from './contract.ts'
import { patchTypes } from './test-server.ts'

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const strict = 'Ship in version "v1" cannot be handled as a Ship: strict decoding error: '

describeContract('field validation', ships => {
  const create = (query: string, body: unknown) => ships.call('POST', `${shipsPath}?${query}`, { body })
  const sizzling = (name: string) => ({ ...ship(name, { size: 3, sizzle: 1 }), foo: 1 })

  test('warns of fields that nobody knows, and drops them', async () => {
    const { status, warnings, body } = await create('', sizzling('warned'))
    expect({ status, warnings }).toEqual({
      status: 201,
      warnings: ['unknown field "foo"', 'unknown field "spec.sizzle"'],
    })
    expect(body.spec).toEqual({ size: 3 })
  })

  test('ignores them when asked to', async () => {
    expect(await create('fieldValidation=Ignore', sizzling('ignored'))).toMatchObject({
      status: 201,
      warnings: [],
    })
  })

  test('refuses them when it is to be strict', async () => {
    const { status, body } = await create('fieldValidation=Strict', sizzling('refused'))
    expect([status, body.message]).toEqual([400, `${strict}unknown field "foo", unknown field "spec.sizzle"`])
  })

  test('knows the fields of the metadata', async () => {
    const body = { ...ship('labelled'), metadata: { name: 'labelled', label: {} } }
    const answer = await create('fieldValidation=Strict', body)
    expect(answer.body.message).toBe(`${strict}unknown field "metadata.label"`)
  })

  test('refuses a validation that is none', async () => {
    expect((await create('fieldValidation=Nope', ship('nope'))).body.message).toBe(
      'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Nope": supported values: "", "Ignore", "Strict", "Warn"',
    )
  })

  test('of a patch warns, or refuses the whole object', async () => {
    await create('', ship('patched'))
    const patch = { spec: { sizzle: 1 } }
    const path = `${shipsPath}/patched`
    const warned = await ships.merge(path, patch)
    expect(warned).toMatchObject({ status: 200, warnings: ['unknown field "spec.sizzle"'] })
    const refused = await ships.merge(`${path}?fieldValidation=Strict`, patch)
    expect(refused.status).toBe(422)
    expect(refused.body.message).toMatch(
      /^ "" is invalid: patch: Invalid value: ".*strict decoding error: unknown field "spec.sizzle"$/s,
    )
  })

  test('has no say in an apply', async () => {
    const refused = await ships.apply('m', ship('applied', { sizzle: 1 }), '&fieldValidation=Ignore')
    expect(refused.status).toBe(500)
    expect(refused.body.message).toBe(
      'failed to create typed patch object (/applied; contract.example.com/v1, Kind=Ship): .spec.sizzle: field not declared in schema',
    )
  })

  test('refuses what is of another type', async () => {
    const { status, body } = await create('', ship('typed', { size: 'big', captain: 5 }))
    expect(status).toBe(422)
    expect(body.message).toContain(
      'spec.captain: Invalid value: "integer": spec.captain in body must be of type string: "integer"',
    )
    expect(body.message).toContain(
      'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
    )
  })

  test('reads labels as Go does', async () => {
    const labelled = (labels: unknown) => create('', { ...ship('l'), metadata: { name: 'l', labels } })
    expect((await labelled({ a: 1 })).body.message).toBe(
      'Ship in version "v1" cannot be handled as a Ship: json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string',
    )
    expect((await labelled({ a: null })).body.metadata).toMatchObject({ labels: { a: '' } })
  })

  test('finds an item twice', async () => {
    const holds = { holds: [{ name: 'a' }, { name: 'a', weight: 1 }], tags: ['x', 'x'] }
    const { body } = await create('', ship('twice-held', holds))
    expect(body.message).toContain('spec.holds[1]: Duplicate value: {"name":"a"}')
    expect(body.message).toContain('spec.tags[1]: Duplicate value: "x"')
  })

  test('finds an item without a field that it needs', async () => {
    const { body } = await create('', ship('unnamed', { holds: [{ weight: 1 }] }))
    expect(body.message).toBe(
      'Ship.contract.example.com "unnamed" is invalid: spec.holds[0].name: Required value',
    )
  })

  test('of a kind that Go has a type for tells the struct and the field', async () => {
    const metadata = { name: 'boats.contract.example.com' }
    const identity = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata }
    const post = (spec: unknown, query = '') =>
      ships.call('POST', `${definitions}?${query}`, { body: { ...identity, spec } })
    const what = 'CustomResourceDefinition in version "v1" cannot be handled as a CustomResourceDefinition: '
    expect((await post({ group: 5 })).body.message).toBe(
      `${what}json: cannot unmarshal number into Go struct field CustomResourceDefinitionSpec.spec.group of type string`,
    )
    expect((await post({ foo: 1, names: { foo: 1 } }, 'fieldValidation=Strict')).body.message).toBe(
      `${what}strict decoding error: unknown field "spec.foo", unknown field "spec.names.foo"`,
    )
    const applied = await ships.call('PATCH', `${definitions}/${metadata.name}?fieldManager=m`, {
      body: { ...identity, spec: { group: 5 } },
      type: patchTypes.apply,
    })
    expect([applied.status, applied.body.message]).toEqual([
      500,
      'failed to create typed patch object (/boats.contract.example.com; apiextensions.k8s.io/v1, Kind=CustomResourceDefinition): .spec.group: expected string, got &value.valueUnstructured{Value:5}',
    ])
  })
})
