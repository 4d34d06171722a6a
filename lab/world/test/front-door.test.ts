import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import type { ClusterHost, ClusterSpec } from '../cluster-host.ts'
import { worldControl } from '../control.ts'
import { openFrontDoor } from '../front-door.ts'
import type { Network } from '../network.ts'
import { createWorld } from '../world.ts'

const nobody: ClusterHost = {
  async start() {},
  view: () => undefined,
  drain: () => ({ evicted: [], refused: [] }),
  async stop() {},
  async stopAll() {},
}

async function openWorld(
  clusters: Partial<ClusterHost> = {},
  hostBehind?: (name: string, client: string | undefined) => string,
) {
  const world = createWorld({ scale: 1000 })
  const door = await openFrontDoor(world, {
    aws: async (_request, response) => void response.end('aws'),
    control: worldControl(world, { ...nobody, ...clusters }),
    ...(hostBehind && { hostBehind }),
  })
  onTestFinished(async () => {
    await door.close()
    world.close()
  })
  const ask = async <T>(method: string, path: string, body?: unknown) => {
    const answer = await fetch(door.url + path, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    return { status: answer.status, body: (await answer.json()) as T }
  }
  return { world, door, ask }
}

/** The status line of a CONNECT, and what the tunnel says to a GET. */
async function tunnel(port: number, authority: string): Promise<{ status: string; text: string }> {
  return new Promise((resolve, reject) => {
    const connect = request({ host: '127.0.0.1', port, method: 'CONNECT', path: authority })
    connect.on('connect', (response, socket, head) => {
      const status = `${response.statusCode} ${response.statusMessage}`
      let text = head.toString()
      socket.on('data', data => {
        text += data
      })
      socket.on('end', () => resolve({ status, text }))
      if (response.statusCode === 200) socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    })
    connect.on('error', reject)
    connect.end()
  })
}

test('CONNECT reaches the loopback port behind a name of the world', async () => {
  const { world, door } = await openWorld()
  const server = createServer((_request, response) => response.end('hello from the cluster'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  world.network.publish('api.example.com', 443, (server.address() as AddressInfo).port)

  const { status, text } = await tunnel(door.port, 'API.example.com:443')

  expect(status).toBe('200 Connection Established')
  expect(text).toContain('hello from the cluster')
})

/** A server that says what it is asked for, behind port 80 of a name of the world. */
async function publishApp(network: Network, host: string): Promise<void> {
  const server = createServer(({ url, headers }, response) => response.end(`${url} of ${headers.host}`))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  network.publish(host, 80, (server.address() as AddressInfo).port)
}

/** What the door answers to a GET. */
async function get(port: number, path: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers }, answer => resolve(text(answer)))
      .on('error', reject)
      .end()
  })
}

test('a request for a name of the world is answered by what is behind it', async () => {
  const { world, door } = await openWorld()
  await publishApp(world.network, 'a1.elb.example.com')

  expect(await get(door.port, '/x?y', { host: 'a1.elb.example.com' })).toBe('/x?y of a1.elb.example.com')
  expect(await get(door.port, 'http://a1.elb.example.com/x', {})).toContain('/x of ')
  expect(await get(door.port, '/x', { host: 'a2.elb.example.com' })).toBe('aws')
})

test('a request for a name of the DNS is answered by what it leads its client to', async () => {
  const { world, door } = await openWorld({}, (name, client) => `${client}-${name}`)
  await publishApp(world.network, '133.11.1.0-hugo.example.com')
  const headers = { host: 'hugo.example.com', 'x-forwarded-for': '133.11.1.0' }

  expect(await get(door.port, '/', headers)).toBe('/ of hugo.example.com')
})

test('CONNECT to a name that the world does not know says no such host', async () => {
  const { door } = await openWorld()

  const { status } = await tunnel(door.port, 'nowhere.example.com:443')

  expect(status).toBe('502 dial tcp: lookup nowhere.example.com: no such host')
})

test('CONNECT to a port that nobody listens on is refused', async () => {
  const { world, door } = await openWorld()
  world.network.publish('api.example.com', 443, 1)

  const { status } = await tunnel(door.port, 'api.example.com:443')

  expect(status).toBe('502 dial tcp api.example.com:443: connect: connection refused')
})

test('everything outside of /_world/ is for AWS', async () => {
  const { door } = await openWorld()

  expect(await (await fetch(`${door.url}/2013-04-01/hostedzone`)).text()).toBe('aws')
})

test('clusters are handed to their host', async () => {
  const started: string[] = []
  const { ask } = await openWorld({ start: async (spec: ClusterSpec) => void started.push(spec.name) })

  expect((await ask('POST', '/_world/clusters', { name: 'usa' })).status).toBe(201)
  expect(started).toEqual(['usa'])
  expect((await ask('GET', '/_world/clusters/eur')).status).toBe(404)
})

test('the proxy and the clock are told to who asks', async () => {
  const { ask, door } = await openWorld()

  expect((await ask('GET', '/_world/proxy')).body).toEqual({ url: door.url })
  expect((await ask('GET', '/_world/clock')).body).toMatchObject({ scale: 1000 })
})

test('unknown routes and broken JSON are refused', async () => {
  const { ask, door } = await openWorld()
  const broken = await fetch(`${door.url}/_world/clusters`, { method: 'POST', body: '{' })

  expect((await ask('GET', '/_world/weather')).status).toBe(404)
  expect(broken.status).toBe(400)
})

test('a second front door may not take the same port', async () => {
  const { world, door } = await openWorld()

  await expect(openFrontDoor(world, { aws: async () => {}, control: {}, port: door.port })).rejects.toThrow(
    'EADDRINUSE',
  )
})
