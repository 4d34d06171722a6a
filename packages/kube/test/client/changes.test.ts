import { coreKinds, startApiServer } from '@meridian/lab-kube-api'
import {
  createAuthority,
  issueClientCertificate,
  issueServerCertificate,
} from '@meridian/lab-kube-api/certificates'
import { expect, onTestFinished, test } from 'vitest'
import { buildKubeconfig, connectKube, type Kube } from '../../src/index.ts'

const configMap = { apiVersion: 'v1', kind: 'ConfigMap' }

async function startCluster(user: string): Promise<{ kube: Kube; close(): Promise<void> }> {
  const authority = await createAuthority('kubernetes-ca')
  const [own, client] = await Promise.all([
    issueServerCertificate(authority, ['127.0.0.1']),
    issueClientCertificate(authority, { user, groups: user === 'admin' ? ['system:masters'] : [] }),
  ])
  const server = await startApiServer({
    world: { requests: { record() {} } },
    name: 'usa',
    kinds: coreKinds,
    tls: { key: own.key, cert: own.certificate },
    clientAuthority: authority.certificate,
    userAgentService: 'kubernetes',
    version: 'v1.35.7',
  })
  const config = buildKubeconfig({
    context: 'usa',
    server: `https://127.0.0.1:${server.port}`,
    ca: authority.certificate,
    cert: client.certificate,
    key: client.key,
  })
  const { signal } = new AbortController()
  const kube = connectKube(config, { context: 'usa', userAgent: 'meridian-test/1', signal, env: {} })
  return { kube, close: () => server.close() }
}

const write = (kube: Kube, name: string) =>
  kube.apply({ ...configMap, metadata: { name, namespace: 'default' }, data: {} })

test('changes are told, what is there at first included, and none of other kinds', async () => {
  const { kube, close } = await startCluster('admin')
  onTestFinished(close)
  const changes = kube.changes([{ ...configMap, namespace: 'default' }])
  onTestFinished(changes.close)
  await write(kube, 'first')
  await changes.next()
  let told = false
  const next = changes.next().then(() => {
    told = true
  })
  await kube.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'other', namespace: 'default' } })
  expect(told).toBe(false)
  await write(kube, 'second')
  await next
})

test('a server that is gone tells nothing, and fails nobody', async () => {
  const { kube, close } = await startCluster('admin')
  await write(kube, 'first')
  const changes = kube.changes([configMap])
  await changes.next()
  const next = changes.next()
  await close()
  const silent = new Promise(resolve => setTimeout(resolve, 50, 'silent'))
  expect(await Promise.race([next, silent])).toBe('silent')
  changes.close()
})
