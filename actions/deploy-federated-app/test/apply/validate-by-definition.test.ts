import { KubeError } from '@meridian/kube'
import { describe, expect, test } from 'vitest'
import { checkByDefinition, listFaults, type Schema } from '../../src/apply/validate-by-definition.ts'

const widget = (spec: object) => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'w' },
  spec,
})
const schemaOf = (properties: object, more: object = {}): Schema => ({
  type: 'object',
  properties: { spec: { type: 'object', properties: { ...properties }, ...more } },
})

describe('what does not fit the schema of a definition', () => {
  test.each<[string, object, object, string[]]>([
    [
      'a type',
      { size: { type: 'integer' } },
      { size: 'x' },
      ['.spec.size: expected number, received string'],
    ],
    ['a field that is not declared', {}, { size: 1 }, ['.spec.size: field not declared in schema']],
    [
      'an item of a list',
      { list: { type: 'array', items: { type: 'object', properties: { n: { type: 'string' } } } } },
      { list: [{ n: 'x' }, { n: 1 }] },
      ['.spec.list[1].n: expected string, received number'],
    ],
    [
      'a value of a map',
      { map: { type: 'object', additionalProperties: { type: 'string' } } },
      { map: { a: 1 } },
      ['.spec.map.a: expected string, received number'],
    ],
    [
      'an enumeration',
      { mode: { type: 'string', enum: ['a', 'b'] } },
      { mode: 'c' },
      ['.spec.mode: Invalid option: expected one of "a"|"b"'],
    ],
    [
      'a limit',
      { size: { type: 'integer', minimum: 1 } },
      { size: 0 },
      ['.spec.size: Too small: expected number to be >=1'],
    ],
  ])('is told: %s', (_, properties, spec, faults) => {
    expect(listFaults(widget(spec), schemaOf(properties))).toEqual(faults)
  })

  test('is told: a field that is missing, unless the definition fills it in', () => {
    const size = { type: 'integer' }
    expect(listFaults(widget({}), schemaOf({ size }, { required: ['size'] }))).toHaveLength(1)
    const filled = schemaOf({ size: { ...size, default: 1 } }, { required: ['size'] })
    expect(listFaults(widget({}), filled)).toEqual([])
  })

  test.each<[string, object, object]>([
    ['a number or a text', { port: { 'x-kubernetes-int-or-string': true } }, { port: '80%' }],
    [
      'whatever there is',
      { any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      { any: { a: 1 } },
    ],
    [
      'an object of another kind',
      { pod: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: {} } },
      { pod: { kind: 'Pod', x: 1 } },
    ],
    ['nothing, as null', { size: { type: 'integer' } }, { size: null }],
    ['what only the server can judge', { name: { type: 'string', pattern: '^(?i)a$' } }, { name: 'x' }],
  ])('is not: %s', (_, properties, spec) => {
    expect(listFaults(widget(spec), schemaOf(properties))).toEqual([])
  })
})

describe('an object whose dry run has failed', () => {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      names: { kind: 'Widget' },
      versions: [{ name: 'v1', schema: { openAPIV3Schema: schemaOf({ size: { type: 'integer' } }) } }],
    },
  }
  const failure = (status: number, reason: string) => new KubeError('no', { status, reason, server: 'fed' })
  const unknown = failure(404, 'UnknownKind')
  const refused = failure(500, 'Invalid')

  test.each([unknown, refused])('is judged by the definition of the same run', error => {
    expect(checkByDefinition(widget({ size: 1 }), [definition], error)).toBe(true)
    expect(() => checkByDefinition(widget({ size: 'x', y: 1 }), [definition], error)).toThrow(AggregateError)
  })

  test('cannot be judged where the definition has no schema for its version', () => {
    const other = { ...widget({}), apiVersion: 'example.com/v2' }
    expect(checkByDefinition(other, [definition], unknown)).toBe(false)
    expect(() => checkByDefinition(other, [definition], refused)).toThrow(refused)
  })

  test.each([failure(403, 'Forbidden'), failure(409, 'Conflict'), failure(503, 'ServiceUnavailable')])(
    'for another reason than its schema fails',
    error => {
      expect(() => checkByDefinition(widget({ size: 1 }), [definition], error)).toThrow(error)
    },
  )
})
