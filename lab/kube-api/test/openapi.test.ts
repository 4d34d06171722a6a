import { listAt, textAt, valueAt } from '@meridian/lab-world/json'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './test-server.ts'

let api: TestServer
beforeAll(async () => {
  api = await startTestServer()
})
afterAll(() => api.server.close())

/** The document of a group's version, and its schema of a kind. */
async function documentOf(page: string, kind: string) {
  const { body } = await api.call('GET', `/openapi/v3/${page}`)
  const schemas = valueAt(body, 'components', 'schemas') as Record<string, unknown>
  const own = Object.values(schemas).find(
    each => textAt(each, 'x-kubernetes-group-version-kind', 0, 'kind') === kind,
  )
  return { body, schemas, own }
}

test('every version of a group has a document', async () => {
  const { body } = await api.call('GET', '/openapi/v3')
  expect(body.paths).toMatchObject({
    'api/v1': { serverRelativeURL: '/openapi/v3/api/v1' },
    'apis/apps/v1': { serverRelativeURL: '/openapi/v3/apis/apps/v1' },
  })
})

test.each([
  ['api/v1', 'Pod'],
  ['apis/apps/v1', 'Deployment'],
  ['apis/apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
])('that of %s says which fields a %s has, and defines all that it refers to', async (page, kind) => {
  const { schemas, own } = await documentOf(page, kind)
  expect(Object.keys((own as { properties: object }).properties)).toEqual(
    expect.arrayContaining(['apiVersion', 'kind', 'metadata', 'spec', 'status']),
  )
  const references = JSON.stringify(schemas).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)
  const undefinedOnes = [...references].filter(([, name = '']) => schemas[name] === undefined)
  expect(undefinedOnes).toEqual([])
})

test('that of a definition has the fields that it declares', async () => {
  const schema = {
    type: 'object',
    properties: { spec: { type: 'object', properties: { sails: { type: 'integer' } } } },
  }
  await api.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    body: {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'boats.example.com' },
      spec: {
        group: 'example.com',
        names: { kind: 'Boat', plural: 'boats' },
        scope: 'Namespaced',
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      },
    },
  })
  const { own, schemas } = await documentOf('apis/example.com/v1', 'Boat')
  expect(Object.keys(schemas)[0]).toMatch(/^io\.k8s\.apimachinery/)
  expect(own).toMatchObject({
    properties: {
      metadata: { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
      spec: { properties: { sails: { type: 'integer' } } },
    },
  })
})

test('a patch of each kind takes the field validation, so that clients leave it to the server', async () => {
  const { body } = await documentOf('apis/apps/v1', 'Deployment')
  const { patch } = (body.paths as Record<string, { patch: unknown }>)[
    '/apis/apps/v1/namespaces/{namespace}/deployments/{name}'
  ] ?? { patch: undefined }
  expect(listAt(patch, 'parameters').map(each => textAt(each, 'name'))).toContain('fieldValidation')
})
