import { connect, isIPv6 } from 'node:net'
import { coreKinds, startApiServer } from '@meridian/lab-kube-api'
import {
  createAuthority,
  issueClientCertificate,
  issueServerCertificate,
} from '@meridian/lab-kube-api/certificates'
import { createNetwork, openForwardProxy, type ProxyOptions } from '@meridian/lab-world'
import type { UserError } from '@meridian/runner'
import { expect, onTestFinished, test } from 'vitest'
import { buildKubeconfig, connectKube, type KubeError } from '../src/index.ts'

const credentials = 'me:s3cret-of-mine'

/** The API of a cluster, which a proxy alone can resolve. */
async function startBehind(options: ProxyOptions = {}, host = 'kube.test') {
  const authority = await createAuthority('kubernetes-ca')
  const own = await issueServerCertificate(authority, [host])
  const client = await issueClientCertificate(authority, { user: 'admin', groups: ['system:masters'] })
  const server = await startApiServer({
    world: { requests: { record: () => {} } },
    name: 'usa',
    kinds: coreKinds,
    tls: { key: own.key, cert: own.certificate },
    clientAuthority: authority.certificate,
    userAgentService: 'kubernetes',
    version: 'v1.35.7',
    dial: () => connect(server.port, '127.0.0.1'),
  })
  const network = createNetwork()
  network.publish(host, 6443, server.port)
  const proxy = await openForwardProxy(network, options)
  onTestFinished(async () => {
    await proxy.close()
    await server.close()
  })
  const connectBy = (env: Record<string, string>, proxyUrl?: string) => {
    const config = buildKubeconfig({
      context: 'usa',
      server: `https://${isIPv6(host) ? `[${host}]` : host}:6443`,
      ca: authority.certificate,
      cert: client.certificate,
      key: client.key,
      ...(proxyUrl && { proxyUrl }),
    })
    const { signal } = new AbortController()
    return connectKube(config, { context: 'usa', userAgent: 'meridian-test/1', signal, env })
  }
  return { server, proxy, connectBy, url: proxy.url.replace('//', `//${credentials}@`) }
}

const version = { method: 'CONNECT', target: 'kube.test:6443', refused: 0 }

test('requests go through the proxy of the variables', async () => {
  const { proxy, connectBy, url } = await startBehind({ credentials })
  expect(await connectBy({ https_proxy: url }).request('GET', '/version')).toMatchObject({
    gitVersion: 'v1.35.7',
  })
  expect(proxy.uses()).toEqual([version])
})

test('a server that is named by an address of IPv6 is reached through it, and known by its certificate', async () => {
  const { proxy, connectBy, url } = await startBehind({ credentials }, 'fd00::1')
  expect(await connectBy({ https_proxy: url }).request('GET', '/version')).toMatchObject({
    gitVersion: 'v1.35.7',
  })
  expect(proxy.uses()).toEqual([{ ...version, target: '[fd00::1]:6443' }])
})

test('the proxy of a kubeconfig comes first', async () => {
  const { proxy, connectBy, url } = await startBehind()
  await connectBy({ HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '*' }, url).request('GET', '/version')
  expect(proxy.uses()).toEqual([version])
})

test('the proxy of the variables is not written where a kubeconfig is handed on', async () => {
  const { connectBy, url } = await startBehind()
  expect(JSON.stringify(connectBy({ HTTPS_PROXY: url }).kubeconfig)).not.toContain('proxy-url')
})

test('a WebSocket goes through it too', async () => {
  const { server, proxy, connectBy, url } = await startBehind({ credentials })
  const kube = connectBy({ HTTPS_PROXY: url })
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'echo', namespace: 'default' } }
  await kube.create({ ...pod, spec: { containers: [{ name: 'echo', image: 'echo' }] } })
  server.store.modify(
    'Pod',
    'default',
    'echo',
    draft => {
      draft.status = { phase: 'Running' }
    },
    { status: true },
  )
  const before = proxy.uses().length
  const channel = await kube.openChannel('/api/v1/namespaces/default/pods/echo/portforward?ports=1', () => {})
  channel.close()
  await channel.closed
  expect(proxy.uses().slice(before)).toEqual([version])
})

const failureOf = (sent: Promise<unknown>) => sent.catch((error: KubeError) => error) as Promise<KubeError>

test.each([
  ['a request', (kube: ReturnType<typeof connectKube>) => kube.request('GET', '/version')],
  ['a WebSocket', (kube: ReturnType<typeof connectKube>) => kube.openChannel('/api/v1/x', () => {})],
])('%s that the proxy does not let through is sent once, and names who named the proxy', async (_, send) => {
  const { proxy, connectBy } = await startBehind({ credentials })
  const wrong = proxy.url.replace('//', '//me:wr0ng@')
  const { message, cause } = await failureOf(send(connectBy({ HTTPS_PROXY: wrong })))
  expect(message).toContain(
    `the proxy ${proxy.url} (HTTPS_PROXY) lets nobody through to kube.test:6443 without the right user and password (407)`,
  )
  expect((cause as UserError).fix).toContain('Write them into HTTPS_PROXY')
  expect(message).not.toContain('wr0ng')
  expect(proxy.uses()).toHaveLength(1)
})

test('a proxy of a kubeconfig is named by its context', async () => {
  const { proxy, connectBy } = await startBehind({ refuses: () => true })
  const { message } = await failureOf(connectBy({}, proxy.url).request('GET', '/version'))
  expect(message).toContain(`the proxy ${proxy.url} (proxy-url of the context usa) does not let`)
})
