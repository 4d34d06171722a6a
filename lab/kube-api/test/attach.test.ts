import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { Attach, Exec, KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './test-server.ts'

const api: TestServer = await startTestServer({ logs: () => 'started nginx\n' })
const config = new KubeConfig()
config.loadFromString(await api.kubeconfig({ user: 'admin', groups: ['system:masters'] }))
afterAll(() => api.server.close())

const pod = '/api/v1/namespaces/default/pods/web'

function setState(state: object): void {
  const containerStatuses = [{ name: 'web', image: 'nginx', state }]
  const change = (draft: object) =>
    void Object.assign(draft, { status: { phase: 'Running', containerStatuses } })
  api.server.store.modify('Pod', 'default', 'web', change, { status: true })
}

beforeEach(() => {
  const { store } = api.server
  store.remove('Pod', 'default', 'web')
  const containers = [{ name: 'web', image: 'nginx' }]
  store.create('Pod', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers } })
  setState({ running: { startedAt: '2026-01-01T00:00:00Z' } })
})

describe('attach', () => {
  const open = async () => {
    const [out, err, input] = [new PassThrough(), new PassThrough(), new PassThrough()]
    const said = once(err, 'data')
    const socket = await new Attach(config).attach('default', 'web', 'web', out, err, input, false)
    return { said: String((await said)[0]), input, ended: once(socket, 'close') }
  }

  test('says that nothing runs, and ends with what the client has to say', async () => {
    const { said, input, ended } = await open()
    expect(said).toBe('The lab runs nothing in container web: it neither reads nor writes.\n')
    input.end('hello')
    expect((await ended)[0]).toBe(1000)
  })

  test.each([
    ['its container', () => setState({ terminated: { exitCode: 0 } })],
    ['its pod', () => api.server.store.remove('Pod', 'default', 'web')],
  ])('ends with %s', async (_what, end) => {
    const { ended } = await open()
    end()
    expect((await ended)[0]).toBe(1000)
  })
})

test('exec is refused in a sentence', async () => {
  const nothing = [null, null, null] as const
  await expect(
    new Exec(config).exec('default', 'web', 'web', ['ls', '-l'], ...nothing, false),
  ).rejects.toMatchObject({
    message: expect.stringContaining('405'),
  })
})

test.each(['attach', 'exec', 'portforward'])('%s wants a protocol of its own', async way => {
  const { status, body } = await api.call('GET', `${pod}/${way}`)
  expect({ status, message: body.message }).toEqual({ status: 400, message: 'Upgrade request required' })
})

describe('the log of a container', () => {
  test('that is followed ends with the container', async () => {
    const log = api.call('GET', `${pod}/log?follow=true`)
    const asked = () => api.requests.some(({ operation }) => operation === 'get pods/log')
    while (!asked()) await new Promise(setImmediate)
    setState({ terminated: { exitCode: 0 } })
    expect((await log).text).toBe('started nginx\n')
  })

  test('that has ended is not waited for', async () => {
    setState({ terminated: { exitCode: 0 } })
    expect((await api.call('GET', `${pod}/log?follow=true`)).text).toBe('started nginx\n')
  })
})
