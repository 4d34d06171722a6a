import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './test-server.ts'

let api: TestServer
beforeAll(async () => {
  api = await startTestServer({
    logs: () => {
      throw new Error('out of ink')
    },
  })
  const containers = [{ name: 'web', image: 'nginx' }]
  api.server.store.create('Pod', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web' },
    spec: { containers },
  })
})
afterAll(() => api.server.close())

const core = '/api/v1/namespaces/default'

test.each([
  ['GET', '/api/v1/nope', 404, 'NotFound', {}],
  ['POST', '/api/v1/pods', 405, 'MethodNotAllowed', {}],
  ['GET', `${core}/pods/nobody`, 404, 'NotFound', { name: 'nobody', kind: 'pods' }],
  [
    'GET',
    `${core}/pods/web/log`,
    500,
    'InternalError',
    { causes: [{ message: expect.stringContaining('out of ink') }] },
  ],
])('%s %s is refused with a whole Status', async (method, path, code, reason, details) => {
  const { body } = await api.call(method, path)
  const message = expect.any(String)
  const head = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' }
  expect(body).toEqual({ ...head, message, reason, details, code })
})
