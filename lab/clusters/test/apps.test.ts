import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import type { KubeObject } from '@meridian/lab-kube-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually, type Member, startMember, startTestWorld } from '../testing/test-world.ts'

const testWorld = startTestWorld()
const core = '/api/v1/namespaces/default'
let usa: Member
let pods: string[]

/** Two pods that name their port, behind a load balancer that calls it by its name. */
async function startWeb(): Promise<void> {
  const labels = { app: 'web' }
  const ports = [{ name: 'http', containerPort: 8080 }]
  await usa.admin('POST', '/apis/apps/v1/namespaces/default/deployments', {
    metadata: { name: 'web' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.29', ports }] } },
    },
  })
  await usa.admin('POST', `${core}/services`, {
    metadata: { name: 'web' },
    spec: { type: 'LoadBalancer', selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  })
}

beforeAll(async () => {
  usa = await startMember(testWorld, 'usa')
  await startWeb()
  pods = await eventually(async () => {
    const { body } = await usa.admin('GET', `${core}/pods?labelSelector=app%3Dweb`)
    const ready = (body.items ?? []).filter(pod => (pod.status as { podIP?: string }).podIP)
    return ready.length === 2 ? ready.map(pod => pod.metadata.name) : undefined
  })
})

afterAll(() => testWorld.close())

const page = async (path: string) => String((await usa.admin('GET', path, undefined, 'text/plain')).body)
const podIn = (shown: string) => /^pod +default\/(\S+)$/m.exec(shown)?.[1]

describe('a pod', () => {
  test('answers on the port that it names with its region, cluster and name', async () => {
    const shown = await page(`${core}/pods/${pods[0]}/proxy/`)
    expect(shown).toMatch(/^web in us-east-1\n/)
    expect(shown).toMatch(/^cluster +usa\.k8s\.example\.com$/m)
    expect(podIn(shown)).toBe(pods[0])
  })

  test('refuses connections to a port that it does not name', async () => {
    const { status, body } = await usa.admin('GET', `${core}/pods/${pods[0]}:9090/proxy/`)
    expect(status).toBe(503)
    expect(body.message).toMatch(
      /^error trying to reach service: dial tcp [\d.]+:9090: connect: connection refused$/,
    )
  })
})

describe('a service', () => {
  test.each(['web:http', 'web:80', 'http:web:http'])('leads to its pods as %s', async name => {
    expect(pods).toContain(podIn(await page(`${core}/services/${name}/proxy/`)))
  })

  test('has the path and query as they were sent', async () => {
    const shown = await page(`${core}/services/web:http/proxy/a%2Fb//c/?d=e%20f`)
    expect(shown).toMatch(/^request +GET \/a%2Fb\/\/c\/\?d=e%20f$/m)
  })

  test('knows by number the port that its pods have by name', async () => {
    const slices = await usa.admin('GET', '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices')
    const [slice] = (slices.body.items ?? []).filter(
      ({ metadata }: KubeObject) => metadata.labels?.['kubernetes.io/service-name'] === 'web',
    )
    expect(slice?.ports).toEqual([{ name: 'http', protocol: 'TCP', port: 8080 }])
  })
})

describe('a load balancer', () => {
  const ask = (localPort: number) =>
    new Promise<string>((resolve, reject) => {
      get({ host: '127.0.0.1', port: localPort, agent: false }, answer => resolve(text(answer))).on(
        'error',
        reject,
      )
    })

  const hostOf = () =>
    eventually(async () => {
      const { status } = (await usa.admin('GET', `${core}/services/web`)).body as {
        status?: { loadBalancer?: { ingress?: { hostname: string }[] } }
      }
      return status?.loadBalancer?.ingress?.[0]?.hostname
    })

  test('leads by its name to the ready pods in turn, until its service goes', async () => {
    const host = await hostOf()
    const localPort = await eventually(() => testWorld.world.network.resolve(host, 80))
    const answers = [await ask(localPort), await ask(localPort)]
    expect(answers.map(podIn).sort()).toEqual([...pods].sort())
    await usa.admin('DELETE', `${core}/services/web`)
    await eventually(() => (testWorld.world.network.resolve(host, 80) === undefined ? true : undefined))
    await expect(ask(localPort)).rejects.toThrow('ECONNREFUSED')
  })
})
