import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { PassThrough } from 'node:stream'
import { KubeConfig, PortForward } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './test-server.ts'

let echo: Server
let api: TestServer
let config: KubeConfig

beforeAll(async () => {
  echo = createServer(socket => socket.on('data', data => socket.write(`echo ${data}`))).listen(
    0,
    '127.0.0.1',
  )
  await once(echo, 'listening')
  const { port } = echo.address() as AddressInfo
  api = await startTestServer({
    portForward: (_namespace, pod, wanted) => (pod === 'web' && wanted === 80 ? port : undefined),
  })
  api.server.store.create('Pod', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default' },
    spec: { containers: [{ name: 'web', image: 'nginx' }] },
  })
  config = new KubeConfig()
  config.loadFromString(await api.kubeconfig({ user: 'admin', groups: ['system:masters'] }))
})

afterAll(async () => {
  await api.server.close()
  echo.close()
})

describe('port-forward', () => {
  test('carries bytes both ways between the client library and the port of a pod', async () => {
    const [output, input, errors] = [new PassThrough(), new PassThrough(), new PassThrough()]
    const socket = await new PortForward(config).portForward('default', 'web', [80], output, errors, input)
    input.write('hello')
    const [answer] = await once(output, 'data')
    expect(String(answer) || String((await once(output, 'data'))[0])).toBe('echo hello')
    if ('close' in socket) socket.close()
  })

  test('says on the error channel that nobody listens', async () => {
    const [output, input, errors] = [new PassThrough(), new PassThrough(), new PassThrough()]
    const problem = once(errors, 'data')
    await new PortForward(config, false).portForward('default', 'web', [81], output, errors, input)
    const [first] = await problem
    const text = String(first) || String((await once(errors, 'data'))[0])
    expect(text).toContain('connection refused')
  })

  test('refuses a pod that is not there', async () => {
    const streams = [new PassThrough(), new PassThrough(), new PassThrough()] as const
    await expect(
      new PortForward(config).portForward('default', 'nobody', [80], ...streams),
    ).rejects.toMatchObject({
      message: expect.stringContaining('404'),
    })
  })
})
