import { listAt, textAt } from '@meridian/lab-world/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { patchTypes, startTestServer, type TestServer } from './test-server.ts'

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'boats.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'boats', singular: 'boat', kind: 'Boat', shortNames: ['bt'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  size: { type: 'integer' },
                  crew: { type: 'array', items: { type: 'string' } },
                },
              },
              status: {
                type: 'object',
                properties: {
                  conditions: {
                    type: 'array',
                    items: {
                      type: 'object',
                      properties: { type: { type: 'string' }, status: { type: 'string' } },
                    },
                  },
                },
              },
            },
          },
        },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
        ],
      },
    ],
  },
}
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const boats = '/apis/example.com/v1/namespaces/default/boats'
const boat = {
  apiVersion: 'example.com/v1',
  kind: 'Boat',
  metadata: { name: 'ada' },
  spec: { size: 3, crew: ['a', 'b'] },
}

let api: TestServer
beforeAll(async () => {
  api = await startTestServer()
  await api.call('POST', definitions, { body: definition })
})
afterAll(() => api.server.close())

describe('custom resources', () => {
  test('are served as soon as they are defined', async () => {
    const created = await api.call('POST', boats, { body: boat })
    expect(created).toMatchObject({ status: 201, body: { metadata: { generation: 1 }, spec: { size: 3 } } })
    expect((await api.call('GET', `${definitions}/boats.example.com`)).body).toMatchObject({
      status: { conditions: [{ type: 'NamesAccepted' }, { type: 'Established', status: 'True' }] },
    })
  })

  test('are shown in the columns of their definition', async () => {
    await api.call('PATCH', `${boats}/ada?fieldManager=m1`, { body: boat, type: patchTypes.apply })
    const status = { status: { conditions: [{ type: 'Ready', status: 'True' }] } }
    await api.call('PATCH', `${boats}/ada/status`, { body: status, type: patchTypes.merge })
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }
    const { body } = await api.call('GET', `${boats}/ada`, { headers })
    expect(listAt(body, 'rows', 0, 'cells')).toEqual(['ada', 3, 'True'])
  })

  test('take no strategic merge patch', async () => {
    const answer = await api.call('PATCH', `${boats}/ada`, {
      body: { spec: { size: 1 } },
      type: patchTypes.strategic,
    })
    expect(answer.status).toBe(415)
  })

  test('conflict by field like any other object', async () => {
    await api.call('PATCH', `${boats}/bea?fieldManager=m1`, {
      body: { ...boat, metadata: { name: 'bea' } },
      type: patchTypes.apply,
    })
    const other = { ...boat, metadata: { name: 'bea' }, spec: { size: 9 } }
    const { status, body } = await api.call('PATCH', `${boats}/bea?fieldManager=m2`, {
      body: other,
      type: patchTypes.apply,
    })
    expect({ status, message: body.message }).toEqual({
      status: 409,
      message: 'Apply failed with 1 conflict: conflict with "m1": .spec.size',
    })
  })

  test('go with their definition', async () => {
    const rafts = structuredClone(definition)
    rafts.metadata.name = 'rafts.example.com'
    rafts.spec.names = { plural: 'rafts', singular: 'raft', kind: 'Raft', shortNames: [] }
    await api.call('POST', definitions, { body: rafts })
    expect((await api.call('GET', '/apis/example.com/v1/rafts')).status).toBe(200)
    await api.call('DELETE', `${definitions}/rafts.example.com`)
    expect((await api.call('GET', '/apis/example.com/v1/rafts')).status).toBe(404)
  })

  test('take what they own with them when they go with their definition', async () => {
    const { body } = await api.call('POST', boats, { body: { ...boat, metadata: { name: 'cid' } } })
    const owner = {
      apiVersion: 'example.com/v1',
      kind: 'Boat',
      name: 'cid',
      uid: textAt(body, 'metadata', 'uid'),
    }
    const maps = '/api/v1/namespaces/default/configmaps'
    await api.call('POST', maps, { body: { metadata: { name: 'log', ownerReferences: [owner] } } })
    await api.call('DELETE', `${definitions}/boats.example.com`)
    expect((await api.call('GET', `${maps}/log`)).status).toBe(404)
  })
})
