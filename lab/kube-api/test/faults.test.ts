import { once } from 'node:events'
import { request } from 'node:https'
import { createWorld, type Failure, type RequestFault, type World } from '@meridian/lab-world'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { issueClientCertificate } from '../certificates.ts'
import { configMap, startTestServer, type TestServer } from './test-server.ts'

const maps = '/api/v1/namespaces/default/configmaps'
let world: World
let api: TestServer

beforeEach(async () => {
  world = createWorld({ scale: 10_000 })
  api = await startTestServer({ world })
  return async () => {
    await api.server.close()
    world.close()
  }
})

const plan = (failure: Failure, more: Partial<RequestFault> = {}) =>
  world.faults.requests.plan({ failure, nth: 1, ...more })
const create = (name: string) => api.call('POST', maps, { body: configMap(name) })
const isThere = (name: string) => api.server.store.get('ConfigMap', 'default', name) !== undefined

test.each<[Failure, number, string]>([
  ['throttle', 429, 'TooManyRequests'],
  ['busy', 503, 'ServiceUnavailable'],
  ['unavailable', 503, 'ServiceUnavailable'],
  ['error', 500, 'InternalError'],
  ['gone', 410, 'Expired'],
])('%s: the request is refused with %i %s and not carried out', async (failure, status, reason) => {
  plan(failure)
  expect(await create('a')).toMatchObject({ status, body: { kind: 'Status', reason, code: status } })
  expect(isThere('a')).toBe(false)
  expect((await create('a')).status).toBe(201)
})

test('a throttled client is told when to come again', async () => {
  plan('throttle')
  expect((await create('a')).body).toMatchObject({ details: { retryAfterSeconds: 1 } })
})

test.each<[Failure, boolean]>([
  ['reset-before', false],
  ['reset-after', true],
  ['truncate', true],
])('%s: the client loses its connection, and what it wanted is done: %s', async (failure, done) => {
  plan(failure)
  await expect(create('a')).rejects.toThrow(/socket hang up|aborted|ECONNRESET/)
  expect(isThere('a')).toBe(done)
})

test.each<[Failure, boolean]>([
  ['hang', false],
  ['hang-after', true],
])(
  '%s: the client waits until the connection is cut, and what it wanted is done: %s',
  async (failure, done) => {
    const struck = new Promise<void>(resolve => void plan(failure, { onStrike: () => resolve() }))
    const created = create('a').catch(error => error.code)
    await struck
    await expect.poll(() => isThere('a')).toBe(done)
    api.server.cut()
    expect(await created).toBe('ECONNRESET')
  },
)

test('a slow request is carried out after its time', async () => {
  plan('slow')
  const begun = world.clock.elapsed()
  expect((await create('a')).status).toBe(201)
  expect(world.clock.elapsed() - begun).toBeGreaterThanOrEqual(9.9)
})

test('a fault may mean one operation, one server, or only count', async () => {
  const counted = world.faults.requests.plan({ nth: 1, times: 10 })
  const elsewhere = plan('error', { server: 'eur.k8s.example.com' })
  plan('error', { operation: 'create secrets' })
  expect((await create('a')).status).toBe(201)
  expect((await api.call('GET', '/version')).status).toBe(200)
  expect((await api.call('POST', '/api/v1/namespaces/default/secrets', { body: {} })).status).toBe(500)
  expect([counted.struck(), elsewhere.struck()]).toEqual([3, 0])
})

test('requests of Karmada itself are neither counted nor hit, unless their server is meant', async () => {
  const headers = { 'user-agent': 'karmada-controller-manager/v1.18.2 (linux/amd64)' }
  const any = plan('error')
  expect((await api.call('GET', '/version', { headers })).status).toBe(200)
  plan('error', { server: api.server.name })
  expect((await api.call('GET', '/version', { headers })).status).toBe(500)
  expect(any.struck()).toBe(0)
})

test.each([
  ['kube-500:1', 500],
  ['kube-429:1', 429],
  ['fail-request:1', 201],
])('by name: %s answers the first Kubernetes request with %i', async (fault, status) => {
  const named = createWorld({ faults: [fault] })
  const other = await startTestServer({ world: named })
  onTestFinished(async () => {
    await other.server.close()
    named.close()
  })
  expect((await other.call('POST', maps, { body: configMap('a') })).status).toBe(status)
})

/** Everything that a watch says until it ends, after `act` has had its time. */
async function watch(act: () => void): Promise<{ status: number; text: string }> {
  const { certificate: cert, key } = await issueClientCertificate(api.authority, {
    user: 'admin',
    groups: ['system:masters'],
  })
  const address = { host: '127.0.0.1', port: api.server.port, path: `${maps}?watch=true&resourceVersion=0` }
  const asked = request({ ...address, ca: api.authority.certificate, cert, key, agent: false }).end()
  const [response] = await once(asked, 'response')
  act()
  let text = ''
  for await (const chunk of response) text += chunk
  return { status: response.statusCode, text }
}

describe('a watch', () => {
  const change = () => void api.server.store.create('ConfigMap', { ...configMap('late'), kind: 'ConfigMap' })
  const last = ({ text }: { text: string }) => text.split('\n').at(-1)

  test('loses the next change to a clean end', async () => {
    plan('stream-end')
    const { text } = await watch(change)
    expect(text).toContain('"kube-root-ca.crt"')
    expect(text).not.toContain('"late"')
  })

  test('is told in the stream that it is too old', async () => {
    plan('stream-expired')
    const lines = (await watch(change)).text.trim().split('\n')
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired' },
    })
  })

  test('ends inside a line', async () => {
    plan('truncate')
    const half = last(await watch(change)) ?? ''
    expect(half).toMatch(/^\{"type":"ADDED","object":\{/)
    expect(() => JSON.parse(half)).toThrow()
  })

  test('is refused with 410 as its status', async () => {
    plan('gone')
    expect((await watch(() => {})).status).toBe(410)
  })
})
