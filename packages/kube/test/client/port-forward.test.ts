import { connect, createServer } from 'node:net'
import { coreKinds, startApiServer } from '@meridian/lab-kube-api'
import {
  createAuthority,
  issueClientCertificate,
  issueServerCertificate,
} from '@meridian/lab-kube-api/certificates'
import { afterEach, describe, expect, test } from 'vitest'
import { receiver } from '../../src/client/port-forward.ts'
import { buildKubeconfig, connectKube, forwardPort, type KubeObject } from '../../src/index.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** A service that answers each line with itself in capitals, as the program in a pod. */
async function startEcho(): Promise<number> {
  const server = createServer(socket =>
    socket.on('data', data => socket.write(data.toString().toUpperCase())),
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  open.push(() => server.close())
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

async function startCluster(port: number) {
  const authority = await createAuthority('kubernetes-ca')
  const own = await issueServerCertificate(authority, ['127.0.0.1'])
  const client = await issueClientCertificate(authority, { user: 'admin', groups: ['system:masters'] })
  const server = await startApiServer({
    world: { requests: { record: () => {} } },
    name: 'usa',
    kinds: coreKinds,
    tls: { key: own.key, cert: own.certificate },
    clientAuthority: authority.certificate,
    userAgentService: 'kubernetes',
    version: 'v1.35.7',
    dial: (_, pod, wanted) => (pod === 'echo' && wanted === 5443 ? connect(port, '127.0.0.1') : undefined),
  })
  open.push(() => server.close())
  const config = buildKubeconfig({
    context: 'usa',
    server: `https://127.0.0.1:${server.port}`,
    ca: authority.certificate,
    cert: client.certificate,
    key: client.key,
  })
  const stop = new AbortController()
  const kube = connectKube(config, {
    context: 'usa',
    userAgent: 'meridian-test/1',
    signal: stop.signal,
    env: {},
  })
  open.push(() => stop.abort())
  return { kube, server, signal: stop.signal }
}

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'echo', namespace: 'default', labels: { app: 'echo' } },
  spec: { containers: [{ name: 'echo', image: 'echo' }] },
}

function run(draft: KubeObject): void {
  draft.status = { phase: 'Running' }
}

function ask(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', data => {
      resolve(data.toString())
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

describe('a forwarded port', () => {
  test('carries connections to a pod, also one that starts to run only later', async () => {
    const { kube, server, signal } = await startCluster(await startEcho())
    const target = { namespace: 'default', labels: { app: 'echo' }, port: 5443, localPort: 0, signal }
    const forward = await forwardPort(kube, target)
    open.push(() => forward.close())
    const answer = ask(forward.localPort, 'hello')
    await kube.create(pod)
    server.store.modify('Pod', 'default', 'echo', run, { status: true })
    expect(await answer).toBe('HELLO')
    expect(await Promise.all([ask(forward.localPort, 'a'), ask(forward.localPort, 'b')])).toEqual(['A', 'B'])
  })

  test('is refused when the local port is taken', async () => {
    const { kube, signal } = await startCluster(0)
    const localPort = await startEcho()
    const target = { namespace: 'default', labels: {}, port: 1, localPort, signal }
    await expect(forwardPort(kube, target)).rejects.toThrow(`port ${localPort} of this machine`)
  })
})

describe('the channels of a forwarded port', () => {
  test('begin with the port, which is not data', () => {
    const data: string[] = []
    const errors: string[] = []
    const receive = receiver(
      bytes => data.push(bytes.toString()),
      message => errors.push(message),
    )
    receive(0, Buffer.from([0x15, 0x43]))
    receive(1, Buffer.from([0x15, 0x43]))
    receive(0, Buffer.from('abc'))
    receive(1, Buffer.from('refused'))
    expect({ data, errors }).toEqual({ data: ['abc'], errors: ['refused'] })
  })

  test('may bring the port and the first data together', () => {
    const data: string[] = []
    const receive = receiver(
      bytes => data.push(bytes.toString()),
      () => {},
    )
    receive(0, Buffer.from([0x15, 0x43, 0x61]))
    expect(data).toEqual(['a'])
  })
})
