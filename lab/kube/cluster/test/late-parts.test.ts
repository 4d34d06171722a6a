import { expect, onTestFinished, test } from 'vitest'
import { textAt } from '../../api/index.ts'
import {
  type Client,
  eventually,
  installKarmada,
  type Member,
  startMember,
  startTestWorld,
} from '../../karmada/test/federation.ts'

const core = '/api/v1/namespaces/default'

async function startWith(fault: string, scale?: number): Promise<Member & ReturnType<typeof startTestWorld>> {
  const testWorld = startTestWorld(scale)
  onTestFinished(testWorld.close)
  testWorld.world.faults.begin(fault)
  return { ...testWorld, ...(await startMember(testWorld, 'usa')) }
}

const seen = (client: Client, path: string, ...field: (string | number)[]) =>
  eventually(async () => textAt((await client('GET', path)).body, ...field) || undefined)

test('a Secret of a service account gets its token a minute late', async () => {
  const { admin, world } = await startWith('slow-token')
  await admin('POST', `${core}/serviceaccounts`, { metadata: { name: 'robot' } })
  const begun = world.clock.elapsed()
  await admin('POST', `${core}/secrets`, {
    type: 'kubernetes.io/service-account-token',
    metadata: { name: 'robot', annotations: { 'kubernetes.io/service-account.name': 'robot' } },
  })
  await seen(admin, `${core}/secrets/robot`, 'data', 'token')
  expect(world.clock.elapsed() - begun).toBeGreaterThanOrEqual(60)
})

test('the load balancer of a Service is replaced once', async () => {
  // A minute is long enough here for the first name to be seen.
  const { admin, world } = await startWith('moving-elb', 60)
  await admin('POST', `${core}/services`, {
    metadata: { name: 'web' },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
  })
  const host = ['status', 'loadBalancer', 'ingress', 0, 'hostname']
  const first = await seen(admin, `${core}/services/web`, ...host)
  const second = await eventually(async () => {
    const now = await seen(admin, `${core}/services/web`, ...host)
    return now === first ? undefined : now
  })
  expect(world.inventory.list({ type: 'load-balancer' }).map(each => each.attributes.dnsName)).toEqual([
    second,
  ])
  await world.clock.sleep(120)
  expect(await seen(admin, `${core}/services/web`, ...host)).toBe(second)
})

test('the API of Clusters becomes available three minutes after its pod is ready', async () => {
  const started = await startWith('slow-aggregation', 60)
  const fed = await installKarmada(started, started)
  const path = '/apis/apiregistration.k8s.io/v1/apiservices/v1alpha1.cluster.karmada.io'
  const condition = ['status', 'conditions', 0, 'status']
  expect(await seen(fed, path, ...condition)).toBe('False')
  expect((await fed('GET', '/apis/cluster.karmada.io/v1alpha1/clusters')).status).toBe(503)
  await eventually(async () => ((await seen(fed, path, ...condition)) === 'True' ? true : undefined))
  expect((await fed('GET', '/apis/cluster.karmada.io/v1alpha1/clusters')).status).toBe(200)
})
