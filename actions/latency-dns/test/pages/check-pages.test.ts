import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { createAuthority, issueServerCertificate } from '@meridian/lab-kube-api/certificates'
import { describe, expect, test, vi } from 'vitest'
import { endpoints as parseEndpoints, urlOf } from '../../src/inputs/parse-endpoints.ts'
import { type Lab, openLab } from '../in-process.ts'

// The action's waits pass a thousand times as fast.
vi.mock('node:timers/promises', async original => {
  const timers = await original<typeof import('node:timers/promises')>()
  const setTimeout: typeof timers.setTimeout = (delay = 0, ...rest) =>
    timers.setTimeout(delay / 1_000, ...rest)
  return { ...timers, setTimeout }
})

type Balancer = { region: string; answer: RequestListener; port?: number; names?: string[] }

const authority = await createAuthority('test')

/** Load balancers of the world that are served on loopback; with `names` over TLS, by a certificate for these. */
async function serve(lab: Lab, balancers: readonly Balancer[]) {
  const endpoints = []
  for (const { region, answer, names, port = names ? 443 : 80 } of balancers) {
    const hostname = `a-1.${region}.elb.amazonaws.com`
    const issued = names && (await issueServerCertificate(authority, names))
    const server = issued
      ? createTlsServer({ cert: issued.certificate, key: issued.key }, answer)
      : createServer(answer)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
    server.unref()
    lab.universe.world.network.publish(hostname, port, (server.address() as AddressInfo).port)
    endpoints.push({
      cluster: region,
      region,
      hostname,
      service: 'default/web',
      ports: [{ port, protocol: 'TCP' }],
    })
  }
  return JSON.stringify(endpoints)
}

const name = 'web.k8s.example.com'
/** Serves the page to whoever asks for the name, as an app of many names does. */
const app: RequestListener = ({ headers, url }, response) =>
  void response.writeHead(headers.host === name ? (url === '/' ? 200 : 404) : 421).end('hello')

test('the page is fetched by the public name through each region, with nothing that is secret', async () => {
  await using lab = await openLab()
  const asked: object[] = []
  const endpoints = await serve(lab, [
    { region: 'us-east-1', answer: app },
    {
      region: 'eu-west-1',
      answer: (request, response) => {
        asked.push(request.headers)
        app(request, response)
      },
    },
  ])
  const job = await lab.run({ record: 'web', endpoints })
  expect(job.outputs.pages).toMatchObject([
    { region: 'us-east-1', url: `http://${name}/`, status: 200, ok: true },
    { region: 'eu-west-1', url: `http://${name}/`, status: 200, ok: true },
  ])
  expect(job.summaries.join()).toContain('2 of 2 regions serve the page')
  expect(Object.keys(asked[0] ?? {}).sort()).toEqual(['accept', 'connection', 'host', 'user-agent'])
})

test('a load balancer that is warming up is asked again', async () => {
  await using lab = await openLab()
  let count = 0
  const slow: RequestListener = (request, response) =>
    ++count < 3 ? void response.writeHead(503).end() : app(request, response)
  const endpoints = await serve(lab, [{ region: 'us-east-1', answer: slow }])
  const job = await lab.run({ record: 'web', endpoints, page: 'strict' })
  expect([count, job.outputs.pages]).toEqual([3, [expect.objectContaining({ ok: true })]])
})

describe('a region that does not serve the page', () => {
  const broken: RequestListener = (_, response) => void response.writeHead(500).end()
  const two = (lab: Lab) =>
    serve(lab, [
      { region: 'us-east-1', answer: app },
      { region: 'eu-west-1', answer: broken },
    ])

  test('is a warning that names it; strict fails, and false does not ask', async () => {
    await using lab = await openLab()
    const endpoints = await two(lab)
    const job = await lab.run({ record: 'web', endpoints })
    expect(job.lines.join('\n')).toContain('1 of 2 regions do not serve the page: eu-west-1:')
    await expect(lab.run({ record: 'web', endpoints, page: 'strict' })).rejects.toMatchObject({
      input: 'page',
    })
    expect((await lab.run({ record: 'web', endpoints, page: 'false' })).outputs).not.toHaveProperty('pages')
  })

  test('and is taken out is not asked', async () => {
    await using lab = await openLab()
    const endpoints = await two(lab)
    await lab.run({ record: 'web', endpoints, page: 'false' })
    await lab.run({ record: 'web', mode: 'take-out', regions: 'eu-west-1' })
    const job = await lab.run({ record: 'web', endpoints, page: 'strict' })
    expect(job.outputs.pages).toHaveLength(1)
  })

  test('as nobody listens there, is told once the patience is over', async () => {
    await using lab = await openLab()
    let time = Date.now()
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => {
      time += 10_000
      return time
    })
    const endpoints = 'us-east-1: gone-1.us-east-1.elb.amazonaws.com'
    const job = await lab.run({ record: 'web', endpoints, 'page-path': '/' }, { deadline: time * 2 })
    clock.mockRestore()
    expect(job.lines.join('\n')).toContain('1 of 1 regions do not serve the page: us-east-1:')
  })
})

describe('over https', () => {
  const fetchOver = async (names: string[]) => {
    await using lab = await openLab()
    vi.stubEnv('HTTPS_PROXY', lab.universe.url)
    setDefaultCACertificates([...getCACertificates(), authority.certificate])
    const endpoints = await serve(lab, [{ region: 'us-east-1', answer: app, names }])
    const pages = (await lab.run({ record: 'web', endpoints })).outputs.pages
    return (pages as object[])[0]
  }

  test('the certificate must be for the public name', async () => {
    expect(await fetchOver([name])).toMatchObject({ url: `https://${name}/`, status: 200, ok: true })
  })

  test('one for another name is told', async () => {
    const page = await fetchOver(['a-1.us-east-1.elb.amazonaws.com'])
    expect(page).toMatchObject({
      ok: false,
      problem: expect.stringContaining(`Host: ${name}. is not in the cert's altnames`),
    })
  })
})

test.each<[object[], object | undefined]>([
  [[{ port: 80 }, { port: 443 }], { protocol: 'https', port: 443 }],
  [[{ port: 3000, name: 'http-web' }], { protocol: 'http', port: 3000 }],
  [[{ port: 443, protocol: 'UDP' }, { port: 8080 }], { protocol: 'http', port: 8080 }],
  [[{ port: 5432, name: 'postgres' }], undefined],
])('a Service with the ports %j speaks %j', (ports, speaks) => {
  const [endpoint] = parseEndpoints(
    JSON.stringify([{ region: 'us-east-1', hostname: 'a.example.net', ports }]),
  )
  expect(endpoint?.speaks).toEqual(speaks)
})

test.each(['healthz', '//other.example.com/', '/a b', '/a\r\nX: 1', '/#a', 'http://other.example.com/'])(
  'the path %j is refused',
  async path => {
    await using lab = await openLab()
    const inputs = { record: 'web', endpoints: 'us-east-1: a.example.net', 'page-path': path }
    await expect(lab.run(inputs)).rejects.toThrow(/page-path[\s\S]*must be a path/)
  },
)

test.each([
  ['as all endpoints are spoken to', [443, 443], 'https://www.example.com'],
  ['with a port that is not the usual one', [8080, 8080], 'http://www.example.com:8080'],
  ['by plain HTTP where they differ', [443, 80], 'http://www.example.com'],
  ['by plain HTTP where nobody tells', [5432, 5432], 'http://www.example.com'],
])('the name is a URL %s', (_, [one, other], url) => {
  const given = [
    { region: 'us-east-1', hostname: 'a.us-east-1.elb.amazonaws.com', ports: [one] },
    { region: 'eu-west-1', hostname: 'b.eu-west-1.elb.amazonaws.com', ports: [other] },
  ]
  expect(urlOf('www.example.com', parseEndpoints(JSON.stringify(given)))).toBe(url)
})
