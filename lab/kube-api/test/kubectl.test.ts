import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { isFields } from '@meridian/lab-world/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer, web } from './test-server.ts'

const run = promisify(execFile)
const found = (process.env.PATH ?? '')
  .split(delimiter)
  .some(directory => existsSync(join(directory, 'kubectl')))

let api: TestServer
let home: string
let environment: NodeJS.ProcessEnv

beforeAll(async () => {
  api = await startTestServer()
  home = await mkdtemp(join(tmpdir(), 'kubectl-'))
  const kubeconfig = join(home, 'config')
  await writeFile(kubeconfig, await api.kubeconfig({ user: 'admin', groups: ['system:masters'] }), {
    mode: 0o600,
  })
  environment = { PATH: process.env.PATH, HOME: home, KUBECONFIG: kubeconfig }
})

afterAll(async () => {
  await api.server.close()
  await rm(home, { recursive: true, force: true })
})

async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await run('kubectl', args, { env: environment })
  return stdout.trimEnd()
}

async function manifest(content: unknown): Promise<string> {
  const path = join(home, 'manifest.json')
  await writeFile(path, JSON.stringify(content))
  return path
}

describe.skipIf(!found)(`kubectl${found ? '' : ' (skipped: kubectl not found)'}`, () => {
  test('shows nodes with the columns that people know', async () => {
    const { store } = api.server
    store.create('Node', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'i-0a1b2c', labels: { 'node-role.kubernetes.io/node': '' } },
    })
    const status = {
      conditions: [{ type: 'Ready', status: 'True' }],
      nodeInfo: { kubeletVersion: 'v1.35.7' },
    }
    store.modify('Node', undefined, 'i-0a1b2c', draft => void Object.assign(draft, { status }), {
      status: true,
    })
    const [heading = '', row = ''] = (await kubectl('get', 'nodes')).split('\n')
    expect(heading.split(/\s+/)).toEqual(['NAME', 'STATUS', 'ROLES', 'AGE', 'VERSION'])
    expect(row).toMatch(/^i-0a1b2c\s+Ready\s+node\s+\d+s\s+v1\.35\.7$/)
  })

  test('applies a manifest, then finds it unchanged, then configured', async () => {
    expect(await kubectl('apply', '-f', await manifest(web(2)))).toBe('deployment.apps/web created')
    expect(await kubectl('apply', '-f', await manifest(web(2)))).toBe('deployment.apps/web unchanged')
    expect(await kubectl('apply', '-f', await manifest(web(3)))).toBe('deployment.apps/web configured')
    expect(await kubectl('get', 'deployment', 'web', '-o', 'jsonpath={.spec.replicas}')).toBe('3')
  })

  test('is told of conflicts by server-side apply', async () => {
    const settings = (size: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings' },
      data: { size },
    })
    await kubectl('apply', '--server-side', '--field-manager=m1', '-f', await manifest(settings('1')))
    const refused = kubectl(
      'apply',
      '--server-side',
      '--field-manager=m2',
      '-f',
      await manifest(settings('2')),
    )
    await expect(refused).rejects.toThrow('Apply failed with 1 conflict: conflict with "m1": .data.size')
  })

  test('creates namespaces, which it sends as protobuf, and waits until they are deleted', async () => {
    expect(await kubectl('create', 'namespace', 'shop')).toBe('namespace/shop created')
    await kubectl('create', 'secret', 'generic', 'key', '--from-literal=a=b', '-n', 'shop')
    expect(await kubectl('get', 'secret', 'key', '-n', 'shop', '-o', 'jsonpath={.data.a}')).toBe('Yg==')
    expect(await kubectl('delete', 'namespace', 'shop')).toBe('namespace "shop" deleted')
    await expect(kubectl('get', 'namespace', 'shop')).rejects.toThrow('namespaces "shop" not found')
  })

  test.each([
    ['cronjob', 'beat', '--image=busybox', '--schedule=*/5 * * * *', '--', 'date'],
    ['job', 'once', '--image=busybox', '--', 'date', '-u'],
    ['poddisruptionbudget', 'web', '--selector=app=web', '--min-available=1'],
    ['ingress', 'web', '--rule=example.com/*=web:http,tls=web-tls'],
    ['priorityclass', 'high', '--value=1000', '--description=first'],
    ['role', 'reader', '--verb=get', '--resource=pods,deployments.apps'],
    ['service', 'nodeport', 'web', '--tcp=80:http', '--node-port=30080'],
  ])('creates a %s as it says that it would', async (kind, ...args) => {
    const wanted: unknown = JSON.parse(
      await kubectl('create', '--dry-run=client', '-o', 'json', kind, ...args),
    )
    const { status: _, ...made } = JSON.parse(await kubectl('create', '-o', 'json', kind, ...args))
    expect(made).toMatchObject(withoutEmpty(wanted))
  })

  test('has a request for a certificate approved', async () => {
    const request = Buffer.from('-----BEGIN CERTIFICATE REQUEST-----').toString('base64')
    const spec = { request, signerName: 'example.com/web', usages: ['client auth'] }
    const csr = { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', spec }
    await kubectl('create', '-f', await manifest({ ...csr, metadata: { name: 'me' } }))
    expect(await kubectl('get', 'csr')).toMatch(/me\s+\d+s\s+example.com\/web\s+admin\s+<none>\s+Pending/)
    await kubectl('certificate', 'approve', 'me')
    expect(await kubectl('get', 'csr', 'me')).toMatch(/\s+Approved$/)
  })

  test('describes a service with every name of its load balancer, and its events', async () => {
    const { store } = api.server
    const service = store.create('Service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'front' },
      spec: { type: 'LoadBalancer', ports: [{ name: 'http', port: 80 }] },
    })
    const ingress = [{ hostname: 'a.example.com' }, { hostname: 'b.example.com' }]
    store.modify(
      'Service',
      'default',
      'front',
      draft => void Object.assign(draft, { status: { loadBalancer: { ingress } } }),
      {
        status: true,
      },
    )
    const { name, namespace, uid } = service.metadata
    store.create('Event', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'front.1' },
      involvedObject: { kind: 'Service', name, namespace, uid },
      reason: 'EnsuredLoadBalancer',
      message: 'Ensured load balancer',
      type: 'Normal',
    })
    const text = await kubectl('describe', 'svc', 'front')
    expect(text).toMatch(/LoadBalancer Ingress:\s+a\.example\.com, b\.example\.com/)
    expect(text).toContain('Ensured load balancer')
  })

  test('waits for a condition that comes true', async () => {
    const waiting = kubectl('wait', '--for=condition=Available', 'deployment/slow', '--timeout=20s')
    const slow = web()
    slow.metadata.name = 'slow'
    const { store } = api.server
    store.create('Deployment', slow)
    const status = { conditions: [{ type: 'Available', status: 'True' }] }
    store.modify('Deployment', 'default', 'slow', draft => void Object.assign(draft, { status }), {
      status: true,
    })
    expect(await waiting).toBe('deployment.apps/slow condition met')
  })

  test('watches rows change', async () => {
    const watching = spawn('kubectl', ['get', 'configmaps', '--watch', '-l', 'watched'], { env: environment })
    const metadata = { name: 'seen', labels: { watched: 'yes' } }
    let text = ''
    api.server.store.create('ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1' } })
    while (!text.includes('seen')) text += (await once(watching.stdout, 'data'))[0]
    api.server.store.modify(
      'ConfigMap',
      'default',
      'seen',
      draft => void Object.assign(draft, { data: { a: '1', b: '2' } }),
    )
    while (!/seen\s+2/.test(text)) text += (await once(watching.stdout, 'data'))[0]
    watching.kill()
    expect(text).toMatch(/NAME\s+DATA\s+AGE\nseen\s+1/)
  })
})

/** Go writes what it has no value for as null or as an empty map: a server does not keep it. */
function withoutEmpty(value: unknown): object {
  if (Array.isArray(value)) return value.map(each => (isFields(each) ? withoutEmpty(each) : each))
  const kept = Object.entries(isFields(value) ? value : {}).flatMap(([name, each]) => {
    if (name === 'status' || each === null) return []
    if (typeof each !== 'object') return [[name, each]]
    const inner = withoutEmpty(each)
    return Object.keys(inner).length > 0 ? [[name, inner]] : []
  })
  return Object.fromEntries(kept)
}
