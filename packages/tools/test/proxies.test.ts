import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNetwork, openForwardProxy, type ProxyOptions } from '@meridian/lab-world'
import type { UserError } from '@meridian/runner'
import { testJob } from '@meridian/runner/testing'
import { expect, onTestFinished, test } from 'vitest'
import { installTool } from '../src/install-tool.ts'

const bytes = 'an executable'
const sha256 = createHash('sha256').update(bytes).digest('hex')

/** A mirror that sends on to where its files lie, both known to a proxy alone. */
async function openMirror(options: ProxyOptions = {}) {
  const server = createServer(({ headers }, response) => {
    if (headers.host === 'files.test') response.end(bytes)
    else response.writeHead(302, { location: 'http://files.test/kops' }).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const network = createNetwork()
  for (const host of ['mirror.test', 'files.test'])
    network.publish(host, 80, (server.address() as AddressInfo).port)
  const proxy = await openForwardProxy(network, options)
  const cache = await mkdtemp(join(tmpdir(), 'meridian-cache-'))
  onTestFinished(async () => {
    await proxy.close()
    server.closeAllConnections()
    server.close()
    await rm(cache, { recursive: true })
  })
  const env = { HTTP_PROXY: proxy.url, RUNNER_TOOL_CACHE: cache }
  const request = { name: 'kops', version: '1.2.3', url: 'http://mirror.test', sha256 }
  return { proxy, install: () => installTool(request, { urls: [], file: 'kops' }, testJob({ env })) }
}

test('a download goes through the proxy, and where it is sent on to', async () => {
  const { proxy, install } = await openMirror()
  expect(await readFile(await install(), 'utf8')).toBe(bytes)
  expect(proxy.uses().map(({ target }) => target)).toEqual(['http://mirror.test', 'http://files.test'])
})

test('a download that the proxy wants credentials for is tried once, and says where they belong', async () => {
  const { proxy, install } = await openMirror({ credentials: 'me:secret' })
  const { message, fix } = (await install().catch((error: UserError) => error)) as UserError
  expect(message).toContain(
    `http://mirror.test/kops: the proxy ${proxy.url} (HTTP_PROXY) lets nobody through to mirror.test`,
  )
  expect(fix).toMatch(/^Write them into HTTP_PROXY.* Or give a mirror with kops-url/)
  expect(proxy.uses()).toHaveLength(1)
})
