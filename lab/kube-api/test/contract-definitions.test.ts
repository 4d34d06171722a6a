import { listAt, valueAt } from '@meridian/lab-world/json'
import { beforeAll, expect, test } from 'vitest'
import { describeContract } from './contract.ts'
import { patchTypes } from './test-server.ts'

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const cars = '/apis/definitions.example.com/v1/namespaces/default/cars'
const text = { type: 'string' }
const column = (name: string, type: string, field: string) => ({ name, type, jsonPath: `.spec.${field}` })

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'cars.definitions.example.com' },
  spec: {
    group: 'definitions.example.com',
    scope: 'Namespaced',
    names: { plural: 'cars', singular: 'car', kind: 'Car', listKind: 'CarList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        deprecated: true,
        selectableFields: [{ jsonPath: '.spec.colour' }],
        additionalPrinterColumns: [
          column('Colour', 'string', 'colour'),
          column('Built', 'date', 'built'),
          column('Seats', 'integer', 'colour'),
          column('Parts', 'string', 'parts'),
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  colour: text,
                  built: text,
                  parts: { type: 'array', items: text },
                  wheels: { type: 'integer', default: 4 },
                },
              },
            },
          },
        },
      },
    ],
  },
}

const car = (name: string, spec: object) => ({
  apiVersion: 'definitions.example.com/v1',
  kind: 'Car',
  metadata: { name },
  spec,
})

describeContract('what a definition says', server => {
  beforeAll(async () => {
    await server.call('POST', definitions, { body: definition })
    while ((await server.call('GET', cars)).status !== 200)
      await new Promise(resolve => setTimeout(resolve, 50))
    await server.call('POST', cars, { body: car('red', { colour: 'red', built: 'soon', parts: ['p', 'q'] }) })
    await server.call('POST', cars, { body: car('blue', { colour: 'blue' }) })
  }, 90_000)

  test('of a version on its way out is told to everybody', async () => {
    const warnings = ['definitions.example.com/v1 Car is deprecated']
    expect((await server.call('GET', cars)).warnings).toEqual(warnings)
    expect((await server.call('GET', `${cars}/red`)).warnings).toEqual(warnings)
  })

  test('can be selected is selected', async () => {
    const { body } = await server.call('GET', `${cars}?fieldSelector=spec.colour%3Dred`)
    expect(body.items).toMatchObject([{ metadata: { name: 'red' } }])
    const other = await server.call('GET', `${cars}?fieldSelector=spec.built%3Dsoon`)
    expect([other.status, other.body.message]).toEqual([400, 'field label not supported: spec.built'])
  })

  test('is shown is shown, as far as it is there and of its type', async () => {
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }
    const { body } = await server.call('GET', cars, { headers })
    expect(listAt(body, 'rows').map(row => valueAt(row, 'cells'))).toEqual([
      ['blue', 'blue', null, null, null],
      ['red', 'red', '<invalid>', null, '["p","q"]'],
    ])
    expect(valueAt(body, 'columnDefinitions', 1, 'description')).toBe(
      'Custom resource definition column (in JSONPath format): .spec.colour',
    )
  })

  test('is filled in belongs to whoever makes or replaces an object, and to nobody who applies one', async () => {
    const ownOf = (body: object) => valueAt(body, 'metadata', 'managedFields', 0, 'fieldsV1', 'f:spec')
    const made = await server.call('POST', cars, { body: car('owned', { colour: 'red' }) })
    expect(ownOf(made.body)).toEqual({ '.': {}, 'f:colour': {}, 'f:wheels': {} })
    const applied = await server.call('PATCH', `${cars}/applied?fieldManager=m`, {
      body: car('applied', { colour: 'red' }),
      type: patchTypes.apply,
    })
    expect([valueAt(applied.body, 'spec'), ownOf(applied.body)]).toEqual([
      { colour: 'red', wheels: 4 },
      { 'f:colour': {} },
    ])
  })

  test('is kept in which version is told to those who look for resources', async () => {
    const { body } = await server.call('GET', '/apis/definitions.example.com/v1')
    expect(listAt(body, 'resources')).toEqual([
      {
        name: 'cars',
        singularName: 'car',
        namespaced: true,
        kind: 'Car',
        verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
        storageVersionHash: expect.stringMatching(/^[A-Za-z0-9+/]{11}=$/),
      },
    ])
  })
})
