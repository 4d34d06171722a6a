import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { KubeConfig, PortForward } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { KubeObject } from '../objects.ts'
import { startTestServer, type TestServer } from './test-server.ts'

let echo: Server
let talker: Server
let api: TestServer
let config: KubeConfig

const portOf = (server: Server) => (server.address() as AddressInfo).port

beforeAll(async () => {
  echo = createServer(socket => socket.on('data', data => socket.write(`echo ${data}`))).listen(
    0,
    '127.0.0.1',
  )
  await once(echo, 'listening')
  const large = Buffer.alloc(3_000_000, 'x')
  talker = createServer(socket => socket.end(large)).listen(0, '127.0.0.1')
  await once(talker, 'listening')
  const ports: Record<number, number> = { 80: portOf(echo), 82: portOf(talker) }
  api = await startTestServer({
    dial: (_namespace, pod, wanted) => {
      const port = pod === 'web' ? ports[wanted] : undefined
      return port === undefined ? undefined : connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    },
  })
  api.server.store.create('Pod', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default' },
    spec: { containers: [{ name: 'web', image: 'nginx' }] },
  })
  const running = (draft: KubeObject) => void Object.assign(draft, { status: { phase: 'Running' } })
  api.server.store.modify('Pod', 'default', 'web', running, { status: true })
  config = new KubeConfig()
  config.loadFromString(await api.kubeconfig({ user: 'admin', groups: ['system:masters'] }))
})

afterAll(async () => {
  await api.server.close()
  echo.close()
  talker.close()
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

const hasKubectl = (process.env.PATH ?? '')
  .split(delimiter)
  .some(directory => existsSync(join(directory, 'kubectl')))

/** Starts `kubectl port-forward pod/web :<port>`; answers with the local port and how to stop it. */
async function kubectlForward(
  port: number,
  webSockets: string,
): Promise<{ local: number; child: ChildProcess }> {
  const home = await mkdtemp(join(tmpdir(), 'kubectl-'))
  const kubeconfig = join(home, 'config')
  await writeFile(kubeconfig, await api.kubeconfig({ user: 'admin', groups: ['system:masters'] }), {
    mode: 0o600,
  })
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    KUBECONFIG: kubeconfig,
    KUBECTL_PORT_FORWARD_WEBSOCKETS: webSockets,
  }
  const child = spawn('kubectl', ['port-forward', 'pod/web', `:${port}`], { env })
  onTestFinished(async () => {
    if (child.exitCode === null && child.kill()) await once(child, 'exit')
    await rm(home, { recursive: true, force: true })
  })
  const [line] = await once(child.stdout, 'data')
  return { local: Number(/127\.0\.0\.1:(\d+)/.exec(String(line))?.[1]), child }
}

describe.skipIf(!hasKubectl).each([
  ['a WebSocket that carries SPDY', 'true'],
  ['SPDY', 'false'],
])(
  `kubectl port-forward through %s${hasKubectl ? '' : ' (skipped: kubectl not found)'}`,
  (_what, webSockets) => {
    test('carries connections one after the other and side by side', async () => {
      const { local } = await kubectlForward(80, webSockets)
      const ask = async (word: string) => {
        const socket = connect(local, '127.0.0.1')
        socket.write(word)
        const [answer] = await once(socket, 'data')
        socket.end()
        return String(answer)
      }
      expect(await ask('one')).toBe('echo one')
      expect(await Promise.all(['two', 'three', 'four'].map(ask))).toEqual([
        'echo two',
        'echo three',
        'echo four',
      ])
    })

    test('carries more than a frame holds', async () => {
      const { local } = await kubectlForward(82, webSockets)
      const answer = await text(connect(local, '127.0.0.1'))
      expect(answer.length).toBe(3_000_000)
    })

    test('is told that nobody listens', async () => {
      const { local, child } = await kubectlForward(81, webSockets)
      connect(local, '127.0.0.1').on('error', () => {})
      const [said] = await once(child.stderr ?? new PassThrough(), 'data')
      expect(String(said)).toContain('error forwarding port 81 to pod web')
    })
  },
)
