import { type Client, eventually, type Member, startMember } from '@meridian/lab-clusters/testing'
import { textAt } from '@meridian/lab-world/json'
import { expect, onTestFinished, test } from 'vitest'
import { installKarmada, startFederationWorld } from '../testing/federation.ts'

const core = '/api/v1/namespaces/default'

async function startWith(fault: string): Promise<Member & ReturnType<typeof startFederationWorld>> {
  const testWorld = startFederationWorld()
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
  const { admin, world, host, spec } = await startWith('moving-elb')
  const names: string[] = []
  const { store } = host.clusters().find(each => each.spec.name === spec.name) ?? expect.unreachable()
  store.watch('Service', ({ object }) => {
    const name = textAt(object, 'status', 'loadBalancer', 'ingress', 0, 'hostname')
    if (name !== '' && name !== names.at(-1)) names.push(name)
  })
  await admin('POST', `${core}/services`, {
    metadata: { name: 'web' },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
  })
  const second = await eventually(() => names[1])
  expect(world.inventory.list({ type: 'load-balancer' }).map(each => each.attributes.dnsName)).toEqual([
    second,
  ])
  await world.clock.sleep(120)
  expect(names).toHaveLength(2)
})

/** While it waits, a second passes with each turn of the event loop; time stands still before and after. */
async function passing<T>(
  { world }: Pick<ReturnType<typeof startFederationWorld>, 'world'>,
  work: Promise<T>,
) {
  const timer = setInterval(() => world.clock.skip(1), 1)
  return work.finally(() => clearInterval(timer))
}

test('the API of Clusters becomes available three minutes after its pod is ready', async () => {
  const testWorld = startFederationWorld(1)
  onTestFinished(testWorld.close)
  testWorld.world.faults.begin('slow-aggregation')
  const member = await passing(testWorld, startMember(testWorld, 'usa'))
  const fed = await passing(testWorld, installKarmada(testWorld, member))
  const path = '/apis/apiregistration.k8s.io/v1/apiservices/v1alpha1.cluster.karmada.io'
  const condition = ['status', 'conditions', 0, 'status']
  expect(await seen(fed, path, ...condition)).toBe('False')
  expect((await fed('GET', '/apis/cluster.karmada.io/v1alpha1/clusters')).status).toBe(503)
  const isServed = async () => ((await seen(fed, path, ...condition)) === 'True' ? true : undefined)
  await passing(testWorld, eventually(isServed))
  expect((await fed('GET', '/apis/cluster.karmada.io/v1alpha1/clusters')).status).toBe(200)
})
