import { makeToken, signerOf } from '@meridian/lab-aws/testing'
import type { EksHandle, NewEks } from '@meridian/lab-clusters/eks'
import { startUniverse, type Universe } from '@meridian/lab-universe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from './ask.ts'

let universe: Universe
const clusters: Record<string, EksHandle> = {}
const kinds: Record<string, NewEks> = {
  plain: {},
  controlled: { loadBalancerController: true },
  auto: { autoMode: true },
}

beforeAll(async () => {
  universe = await startUniverse({ scale: 10_000 })
  for (const [name, kind] of Object.entries(kinds)) clusters[name] = await universe.addEksCluster(name, kind)
})
afterAll(() => universe.close())

function handleOf(name: string): EksHandle {
  const handle = clusters[name]
  if (!handle) throw new Error(`no cluster ${name}`)
  return handle
}

/** Creates a Service through the API; its spec as it was stored. */
async function createService(cluster: string, name: string, annotations = {}, spec = {}) {
  const token = await makeToken(signerOf(universe), { cluster })
  const path = '/api/v1/namespaces/default/services'
  const { status, body } = await ask(universe, handleOf(cluster), path, token, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, annotations },
    spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
  })
  expect(status).toBe(201)
  return (body as { spec: { loadBalancerClass?: string } }).spec
}

/** The host name of its load balancer, once there is one. */
async function hostOf(cluster: string, name: string): Promise<string> {
  for (;;) {
    const service = handleOf(cluster).running().store.get('Service', 'default', name)
    const status = service?.status as { loadBalancer?: { ingress?: { hostname: string }[] } } | undefined
    const [ingress] = status?.loadBalancer?.ingress ?? []
    if (ingress) return ingress.hostname
    await universe.world.clock.sleep(1)
  }
}

const balancerOf = (dnsName: string) =>
  universe.world.inventory.list({ type: 'load-balancer', attributes: { dnsName } })[0]

test('without a controller the in-tree one makes classic load balancers in the VPC of the cluster', async () => {
  expect((await createService('plain', 'classic-web')).loadBalancerClass).toBeUndefined()
  const host = await hostOf('plain', 'classic-web')
  expect(host).toMatch(/^a[0-9a-f]{31}-\d+\.us-east-1\.elb\.amazonaws\.com$/)
  expect(balancerOf(host)).toMatchObject({
    tags: { 'kubernetes.io/cluster/plain': 'owned' },
    attributes: { type: 'classic', vpcId: handleOf('plain').cluster.vpc.vpcId },
  })
})

test.each([
  ['controlled', 'service.k8s.aws/nlb', 'elbv2.k8s.aws/cluster', 'service.k8s.aws'],
  ['auto', 'eks.amazonaws.com/nlb', 'eks:eks-cluster-name', 'service.eks.amazonaws.com'],
])(
  'a new Service of cluster %s gets the class %s, and a network load balancer of its own name and tags',
  async (cluster, given, tag, prefix) => {
    expect((await createService(cluster, 'hugo-app-federation-svc')).loadBalancerClass).toBe(given)
    const host = await hostOf(cluster, 'hugo-app-federation-svc')
    expect(host).toMatch(/^k8s-default-hugoappf-[0-9a-f]{10}-[0-9a-f]{16}\.elb\.us-east-1\.amazonaws\.com$/)
    const tags = {
      [tag]: cluster,
      [`${prefix}/stack`]: 'default/hugo-app-federation-svc',
      [`${prefix}/resource`]: 'LoadBalancer',
    }
    expect(balancerOf(host)).toMatchObject({ tags, attributes: { type: 'network', scheme: 'internal' } })
    expect(universe.world.inventory.list({ type: 'target-group', tags })).toHaveLength(1)

    const { store } = handleOf(cluster).running()
    expect(store.get('Service', 'default', 'hugo-app-federation-svc')?.metadata.finalizers).toEqual([
      `${prefix}/resources`,
    ])
    store.remove('Service', 'default', 'hugo-app-federation-svc')
    while (balancerOf(host)) await universe.world.clock.sleep(1)
    expect(universe.world.inventory.list({ type: 'target-group', tags })).toEqual([])
  },
)

test('only an annotation makes a load balancer of the controller face the internet', async () => {
  const annotation = { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing' }
  await createService('controlled', 'open', annotation)
  await createService('controlled', 'closed')
  const [open, closed] = [await hostOf('controlled', 'open'), await hostOf('controlled', 'closed')]
  expect(balancerOf(open)?.attributes.scheme).toBe('internet-facing')
  expect(universe.world.network.hiddenAt(open)).toBeUndefined()
  expect(universe.world.network.hiddenAt(closed)).toMatch(/^192\.168\./)
})

test('a Service that asks for a controller which is not there waits for ever', async () => {
  await createService('plain', 'foreign', {}, { loadBalancerClass: 'service.k8s.aws/nlb' })
  await createService('plain', 'external', {
    'service.beta.kubernetes.io/aws-load-balancer-type': 'external',
  })
  await createService('plain', 'own')
  await hostOf('plain', 'own')
  for (const name of ['foreign', 'external'])
    expect(
      handleOf('plain').running().store.get('Service', 'default', name)?.metadata.finalizers,
    ).toBeUndefined()
})
