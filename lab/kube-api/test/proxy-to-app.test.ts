import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issueClientCertificate } from '../certificates.ts'
import type { KubeObject } from '../objects.ts'
import { startTestServer, type TestServer } from './test-server.ts'

let app: Server
let api: TestServer

const core = '/api/v1/namespaces/default'
const echo = `${core}/services/web:http/proxy/`

beforeAll(async () => {
  app = createServer(async (request, response) => {
    const { method, url, headers } = request
    response.writeHead(url === '/teapot' ? 418 : 200, { 'content-type': 'application/json', 'x-app': 'web' })
    response.end(JSON.stringify({ method, url, headers, body: await text(request) }))
  }).listen(0, '127.0.0.1')
  await once(app, 'listening')
  const { port } = app.address() as AddressInfo
  api = await startTestServer({
    dial: (_namespace, pod, wanted) =>
      pod === 'web-1' && wanted === 8080 ? connect(port, '127.0.0.1') : undefined,
  })
  const { store } = api.server
  const containers = [{ name: 'web', image: 'nginx', ports: [{ containerPort: 8080 }] }]
  for (const name of ['web-1', 'young'])
    store.create('Pod', { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers } })
  const running = (draft: KubeObject) => void Object.assign(draft, { status: { podIP: '100.96.1.1' } })
  store.modify('Pod', 'default', 'web-1', running, { status: true })
  const ports = [
    { name: 'http', port: 80 },
    { name: 'metrics', port: 9090 },
  ]
  for (const name of ['web', 'empty'])
    store.create('Service', { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports } })
  store.create('EndpointSlice', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-x', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [
      { addresses: ['100.96.1.9'], conditions: { ready: false }, targetRef: { kind: 'Pod', name: 'young' } },
      { addresses: ['100.96.1.1'], conditions: { ready: true }, targetRef: { kind: 'Pod', name: 'web-1' } },
    ],
    ports: [
      { name: 'http', port: 8080 },
      { name: 'metrics', port: 9090 },
    ],
  })
})

afterAll(async () => {
  await api.server.close()
  app.close()
})

describe('what is passed on', () => {
  test('is the method, path, query and body, and the answer with its status and headers', async () => {
    const { status, body, headers } = await api.call('POST', `${echo}a%2Fb?c=%20`, { body: { d: 1 } })
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { method: 'POST', url: '/a%2Fb?c=%20', body: '{"d":1}' },
    })
    expect(headers['x-app']).toBe('web')
    expect((await api.call('GET', `${echo}teapot`)).status).toBe(418)
  })

  test('says where it came from, and not who sent it', async () => {
    api.server.tokens.set('robot', { name: 'robot', groups: ['system:masters'] })
    const { body } = await api.call('GET', `${echo}x/`, { headers: { authorization: 'Bearer robot' } })
    expect(body.headers).toMatchObject({ 'x-forwarded-uri': `${echo}x/` })
    expect(body.headers).not.toHaveProperty('authorization')
  })

  test('is logged as what it is to the API server', async () => {
    await api.call('GET', echo)
    expect(api.requests.at(-1)).toMatchObject({ operation: 'get services/proxy', status: 200 })
  })
})

test.each(['web-1', 'web-1:8080', 'http:web-1:8080'])('a pod is reached as %s', async name => {
  expect((await api.call('GET', `${core}/pods/${name}/proxy/`)).body).toMatchObject({ url: '/' })
})

test.each(['get', 'head'])(
  'a %s without a path is sent to the one that pages are relative to',
  async method => {
    const { status, headers } = await api.call(method.toUpperCase(), `${echo.slice(0, -1)}?a=b`)
    expect({ status, location: headers.location }).toEqual({ status: 301, location: `${echo}?a=b` })
  },
)

describe('refused is', () => {
  test.each([
    ['services/a:b:c:d', 400, 'BadRequest', 'invalid service request "a:b:c:d"'],
    ['pods/ftp:web-1:80', 400, 'BadRequest', 'invalid pod request "ftp:web-1:80"'],
    ['services/nobody', 404, 'NotFound', 'services "nobody" not found'],
    ['pods/nobody', 404, 'NotFound', 'pods "nobody" not found'],
    ['pods/young', 400, 'BadRequest', 'address not allowed'],
    ['services/web:81', 503, 'ServiceUnavailable', 'no service port 81 found for service "web"'],
    ['services/web:nope', 503, 'ServiceUnavailable', 'no endpoints available for service "web"'],
    ['services/empty:80', 503, 'ServiceUnavailable', 'no endpoints available for service "empty"'],
    [
      'services/web:metrics',
      503,
      'ServiceUnavailable',
      'error trying to reach service: dial tcp 100.96.1.1:9090: connect: connection refused',
    ],
  ])('%s', async (path, code, reason, message) => {
    const { status, body } = await api.call('GET', `${core}/${path}/proxy/`)
    expect(status).toBe(code)
    expect(body).toMatchObject({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' })
    expect(body).toMatchObject({ code, reason, message })
  })

  test('whoever has no right to the proxy', async () => {
    const ann = await issueClientCertificate(api.authority, { user: 'ann' })
    const { status, body } = await api.call('GET', echo, { as: ann })
    expect(status).toBe(403)
    expect(body.message).toBe(
      'services "web:http" is forbidden: User "ann" cannot get resource "services/proxy" in API group "" in the namespace "default"',
    )
  })
})
