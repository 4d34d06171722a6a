import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { openForwardProxy, type ProxyOptions } from '../forward-proxy.ts'
import { createNetwork } from '../network.ts'

/** A proxy in whose world a server answers as `a.test`, on port 80 and on 443. */
async function open(options: ProxyOptions = {}) {
  const heard: unknown[] = []
  const server = createServer((asked, response) => {
    heard.push([asked.method, asked.url, asked.headers['proxy-authorization']])
    response.end('hello')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const network = createNetwork()
  for (const port of [80, 443]) network.publish('a.test', port, (server.address() as AddressInfo).port)
  const proxy = await openForwardProxy(network, options)
  onTestFinished(async () => {
    await proxy.close()
    server.close()
  })
  return { proxy, heard }
}

type Asked = { path: string; method?: string; credentials?: string }

function ask(url: string, { path, method = 'GET', credentials }: Asked): Promise<string> {
  const headers = credentials && { 'proxy-authorization': `Basic ${btoa(credentials)}` }
  const options = { method, path, agent: false, ...(headers && { headers }) }
  return new Promise((resolve, reject) => {
    const sent = request(url, options, response => {
      response.resume()
      resolve(`${response.statusCode} ${response.statusMessage}`)
    })
    sent.on('connect', (response, socket) => {
      socket.destroy()
      resolve(`${response.statusCode} ${response.statusMessage}`)
    })
    sent.on('error', reject)
    sent.end()
  })
}

test('a request in absolute form reaches the name, without what is for the proxy alone', async () => {
  const { proxy, heard } = await open({ credentials: 'me:secret' })
  const answer = await ask(proxy.url, { path: 'http://a.test/x?y=1', credentials: 'me:secret' })
  expect(answer).toBe('200 OK')
  expect(heard).toEqual([['GET', '/x?y=1', undefined]])
  expect(proxy.uses()).toEqual([{ method: 'GET', target: 'http://a.test', refused: 0 }])
})

test.each([
  ['CONNECT', 'a.test:443', {}, undefined, '200 Connection Established'],
  ['CONNECT', 'nowhere.test:443', {}, undefined, '503 Service Unavailable'],
  ['GET', 'http://nowhere.test/', {}, undefined, '503 Service Unavailable'],
  ['CONNECT', 'a.test:443', { credentials: 'me:secret' }, undefined, '407 Proxy Authentication Required'],
  ['CONNECT', 'a.test:443', { credentials: 'me:secret' }, 'me:wrong', '407 Proxy Authentication Required'],
  ['CONNECT', 'a.test:443', { credentials: 'me:secret' }, 'me:secret', '200 Connection Established'],
  ['GET', 'http://a.test/', { credentials: 'me:secret' }, undefined, '407 Proxy Authentication Required'],
  ['CONNECT', 'a.test:443', { refuses: (host: string) => host === 'a.test' }, undefined, '403 Forbidden'],
  ['GET', 'http://a.test/', { refuses: (host: string) => host === 'a.test' }, undefined, '403 Forbidden'],
  ['GET', '/not/absolute', {}, undefined, '400 Bad Request'],
])('%s %s at a proxy with %j by %s is answered %s', async (method, path, options, credentials, expected) => {
  const { proxy } = await open(options)
  expect(await ask(proxy.url, { method, path, ...(credentials && { credentials }) })).toBe(expected)
})
