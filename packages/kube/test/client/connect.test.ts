import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { coreKinds, startApiServer } from '@meridian/lab-kube-api'
import {
  createAuthority,
  issueClientCertificate,
  issueServerCertificate,
} from '@meridian/lab-kube-api/certificates'
import { afterEach, describe, expect, test } from 'vitest'
import {
  buildKubeconfig,
  connectKube,
  isConflict,
  isOvertaken,
  isUnreachable,
  isUntrusted,
  type Kube,
} from '../../src/index.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function credentials(names = ['127.0.0.1', 'localhost']) {
  const authority = await createAuthority('kubernetes-ca')
  const [own, client] = await Promise.all([
    issueServerCertificate(authority, names),
    issueClientCertificate(authority, { user: 'admin', groups: ['system:masters'] }),
  ])
  return { authority, own, client }
}

function connect(
  port: number,
  keys: Awaited<ReturnType<typeof credentials>>,
  more: { tlsServerName?: string; signal?: AbortSignal } = {},
) {
  const config = buildKubeconfig({
    context: 'usa',
    server: `https://127.0.0.1:${port}`,
    ca: keys.authority.certificate,
    cert: keys.client.certificate,
    key: keys.client.key,
    tlsServerName: more.tlsServerName,
  })
  const signal = more.signal ?? new AbortController().signal
  return connectKube(config, { context: 'usa', userAgent: 'meridian-test/1', signal, env: {} })
}

async function startCluster(): Promise<{ kube: Kube; agents: string[] }> {
  const keys = await credentials()
  const agents: string[] = []
  const server = await startApiServer({
    world: { requests: { record: request => void agents.push(request.client) } },
    name: 'usa',
    kinds: coreKinds,
    tls: { key: keys.own.key, cert: keys.own.certificate },
    clientAuthority: keys.authority.certificate,
    userAgentService: 'kubernetes',
    version: 'v1.35.7',
  })
  open.push(() => server.close())
  return { kube: connect(server.port, keys), agents }
}

/** A server that answers each request with the next of the given answers. */
async function startScript(
  answers: ((index: number) => { status: number; body: string } | 'cut')[],
  names?: string[],
) {
  const keys = await credentials(names)
  const seen: string[] = []
  const server: Server = createServer(
    { key: keys.own.key, cert: keys.own.certificate },
    (request, response) => {
      seen.push(`${request.method} ${request.headers['user-agent']}`)
      const answer = answers[Math.min(seen.length, answers.length) - 1]?.(seen.length)
      if (answer === undefined || answer === 'cut') return void request.socket.destroy()
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
    },
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  open.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  return { port: (server.address() as AddressInfo).port, keys, seen }
}

const ok = () => ({ status: 200, body: '{"ok":true}' })
const busy = () => ({ status: 503, body: '{"message":"busy"}' })
const cut = () => 'cut' as const
const map = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'default' },
  data: { k: 'v' },
}

describe('a connected cluster', () => {
  test('applies, reads, lists, patches and removes objects', async () => {
    const { kube } = await startCluster()
    await kube.apply({ ...map, metadata: { ...map.metadata, labels: { app: 'x' } } })
    expect(await kube.get({ ...map, name: 'a', namespace: 'default' })).toMatchObject({ data: { k: 'v' } })
    const listed = await kube.list({ apiVersion: 'v1', kind: 'ConfigMap' }, { labels: { app: 'x' } })
    expect(listed.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['ConfigMap a'])
    const patched = await kube.patch(
      { ...map, name: 'a', namespace: 'default' },
      { data: { k: 'w' } },
      'merge',
    )
    expect(patched).toMatchObject({ data: { k: 'w' } })
    const ref = { ...map, name: 'a', namespace: 'default' }
    expect(await kube.remove(ref)).toBe(true)
    expect(await kube.remove(ref)).toBe(false)
    expect(await kube.get(ref)).toBeUndefined()
  })

  test('checks and stores nothing in a dry run', async () => {
    const { kube } = await startCluster()
    await kube.apply(map, { dryRun: true })
    expect(await kube.get({ ...map, name: 'a', namespace: 'default' })).toBeUndefined()
  })

  test('writes only over what it is to be over, also by force', async () => {
    const { kube } = await startCluster()
    const ref = { ...map, name: 'a', namespace: 'default' }
    const first = await kube.apply(map, { over: 'nothing' })
    const changed = { ...map, data: { k: 'w' } }
    const refused = (writing: Promise<unknown>) => expect(writing.catch(isOvertaken)).resolves.toBe(true)
    await refused(kube.apply(changed, { over: 'nothing', force: true }))
    const second = await kube.apply(changed, { over: first })
    await refused(kube.apply(map, { over: first, force: true }))
    await refused(kube.remove(ref, { over: first }))
    expect(await kube.get(ref)).toEqual(second)
    expect(await kube.remove(ref, { over: second })).toBe(true)
    await refused(kube.apply(map, { over: second, force: true }))
    expect(await kube.get(ref)).toBeUndefined()
  })

  test('tells which manager owns a field that an apply would take', async () => {
    const { kube } = await startCluster()
    await kube.request('PATCH', '/api/v1/namespaces/default/configmaps/a', {
      query: { fieldManager: 'other' },
      contentType: 'application/apply-patch+yaml',
      body: map,
    })
    const failure = await kube.apply({ ...map, data: { k: 'mine' } }).catch(error => error)
    expect(isConflict(failure)).toBe(true)
    expect(failure.message).toContain('other')
    await kube.apply({ ...map, data: { k: 'mine' } }, { force: true })
    expect(await kube.get({ ...map, name: 'a', namespace: 'default' })).toMatchObject({ data: { k: 'mine' } })
  })

  test('knows which kinds are namespaced, and says so of a kind that is not served', async () => {
    const { kube } = await startCluster()
    expect(await kube.isNamespaced({ apiVersion: 'v1', kind: 'Node' })).toBe(false)
    const failure = kube.list({ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster' })
    await expect(failure).rejects.toMatchObject({ reason: 'UnknownKind' })
  })

  test('says who it is with every request', async () => {
    const { kube, agents } = await startCluster()
    await kube.request('GET', '/version')
    expect(new Set(agents)).toEqual(new Set(['test']))
  })
})

describe('a request', () => {
  test('is sent again after a lost connection and a busy server when it only reads', async () => {
    const { port, keys, seen } = await startScript([cut, busy, ok])
    expect(await connect(port, keys).request('GET', '/version')).toEqual({ ok: true })
    expect(seen).toHaveLength(3)
    expect(seen[0]).toBe('GET meridian-test/1')
  })

  test('is not sent again when it creates, since it may have been carried out', async () => {
    const { port, keys, seen } = await startScript([cut, ok])
    const failure = await connect(port, keys)
      .request('POST', '/x', { body: {} })
      .catch(error => error)
    expect(isUnreachable(failure)).toBe(true)
    expect(seen).toHaveLength(1)
  })

  test('is sent again after 429 whatever it does', async () => {
    const { port, keys } = await startScript([() => ({ status: 429, body: '{}' }), ok])
    expect(await connect(port, keys).request('POST', '/x', { body: {} })).toEqual({ ok: true })
  })

  test('is sent again when half of the answer is missing', async () => {
    const { port, keys } = await startScript([() => ({ status: 200, body: '{"ok":' }), ok])
    expect(await connect(port, keys).request('GET', '/version')).toEqual({ ok: true })
  })

  test('ends with a time-out of its own when no answer comes', async () => {
    const keys = await credentials()
    const server = createServer({ key: keys.own.key, cert: keys.own.certificate }, () => {})
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    open.push(
      () => server.closeAllConnections(),
      () => server.close(),
    )
    const kube = connect((server.address() as AddressInfo).port, keys)
    const failure = kube.request('GET', '/version', { timeout: 50, repeatable: false })
    await expect(failure).rejects.toMatchObject({ reason: 'Timeout' })
  })

  test('ends with the reason of the signal when the run is cancelled', async () => {
    const { port, keys } = await startScript([cut])
    const controller = new AbortController()
    controller.abort(new Error('cancelled'))
    const failure = connect(port, keys, { signal: controller.signal }).request('GET', '/version')
    await expect(failure).rejects.toThrow('cancelled')
  })

  test('is refused where the certificate is for another name, unless that name is what is verified', async () => {
    const { port, keys } = await startScript([ok], ['kubernetes.default.svc'])
    const failure = await connect(port, keys)
      .request('GET', '/version')
      .catch(error => error)
    expect(isUntrusted(failure)).toBe(true)
    const trusting = connect(port, keys, { tlsServerName: 'kubernetes.default.svc' })
    expect(await trusting.request('GET', '/version')).toEqual({ ok: true })
  })
})

test('a token in a file is read for each request, so that it may be renewed meanwhile', async () => {
  const { authority, own } = await credentials()
  const bearers: unknown[] = []
  const server = createServer({ key: own.key, cert: own.certificate }, (request, response) => {
    bearers.push(request.headers.authorization)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const directory = await mkdtemp(join(tmpdir(), 'meridian-test-'))
  open.push(
    () => server.closeAllConnections(),
    () => server.close(),
    () => rm(directory, { recursive: true }),
  )
  const tokenFile = join(directory, 'token')
  const config = buildKubeconfig({
    context: 'usa',
    server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: authority.certificate,
    tokenFile,
  })
  const { signal } = new AbortController()
  const kube = connectKube(config, { context: 'usa', userAgent: 'meridian-test/1', signal, env: {} })
  for (const token of ['first', 'second\n']) {
    await writeFile(tokenFile, token)
    await kube.request('GET', '/version')
  }
  expect(bearers).toEqual(['Bearer first', 'Bearer second'])
})
