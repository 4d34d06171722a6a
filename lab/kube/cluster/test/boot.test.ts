import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClusterView } from '../../../world/index.ts'
import { eventually, specOf, startMember, startTestWorld } from '../../karmada/test/federation.ts'

const fast = startTestWorld()
const slow = startTestWorld(1000)

afterAll(async () => {
  await fast.close()
  await slow.close()
})

let seen: ClusterView[] = []

beforeAll(async () => {
  const spec = await specOf('eur')
  await slow.host.start(spec)
  seen = []
  await eventually(() => {
    const view = slow.host.view(spec.name)
    if (view) seen.push(view)
    return view?.nodes.every(node => node.status === 'True') && view.pending.length === 0 ? true : undefined
  })
}, 30_000)

test('a booting cluster is first unknown, then named, then serving, then joined by its machines', () => {
  const stages = seen.map(({ resolves, serving, nodes }) =>
    [resolves, serving, ...nodes.map(node => node.status)].join(' '),
  )
  const order = [...new Set(stages)]
  expect(order[0]).toBe('false false absent absent')
  expect(order.at(-1)).toBe('true true True True')
  expect(order).toContain('true false absent absent')
  expect(order).toContain('true true True absent')
})

test('a booting cluster says what is still missing in the words of kops', () => {
  const messages = new Set(seen.flatMap(view => view.pending.map(each => each.message)))
  expect(messages).toContain('machine "i-0eur2222" has not yet joined cluster')
  expect(messages).toContain('node "i-0eur1111" of role "control-plane" is not ready')
  expect(
    [...messages].some(each => /^system-cluster-critical pod "coredns-[^"]+" is pending$/.test(each)),
  ).toBe(true)
})

test('a name that is known before the API serves refuses connections', () => {
  const { network } = slow.world
  expect(seen.some(view => view.resolves && !view.serving)).toBe(true)
  expect(network.resolve('api-eur-k8s-example-com-abc.elb.eu-west-1.amazonaws.com', 443)).toBeGreaterThan(1)
})

test('nodes carry the labels, addresses and version of kops machines', async () => {
  const { admin } = await startMember(fast, 'usa')
  const { body } = await admin('GET', '/api/v1/nodes')
  expect(body.items?.map(node => node.metadata.name)).toEqual(['i-0usa1111', 'i-0usa2222'])
  expect(body.items?.[0]).toMatchObject({
    metadata: {
      labels: {
        'node-role.kubernetes.io/control-plane': '',
        'topology.kubernetes.io/region': 'us-east-1',
        'topology.kubernetes.io/zone': 'us-east-1a',
      },
    },
    status: { nodeInfo: { kubeletVersion: 'v1.35.7' } },
  })
})

test('starting a cluster again leaves it as it is', async () => {
  const { spec } = await startMember(fast, 'jpn')
  const before = fast.host.clusters().find(each => each.spec.name === spec.name)
  await fast.host.start({ ...spec, authority: { certificate: '', key: '' } })
  expect(fast.host.clusters().find(each => each.spec.name === spec.name)).toBe(before)
})

test('a stopped cluster answers nobody, and its name is forgotten', async () => {
  const { spec } = await startMember(fast, 'eur')
  await fast.host.stop(spec.name)
  expect(fast.host.view(spec.name)).toBeUndefined()
  expect(fast.world.network.resolve(spec.apiHost, 443)).toBeUndefined()
})

test('a cluster that is stopped while it boots never serves', async () => {
  const spec = await specOf('late')
  await fast.host.start(spec)
  await fast.host.stop(spec.name)
  await fast.world.clock.sleep(300)
  expect(fast.world.network.resolve(spec.apiHost, 443)).toBeUndefined()
})
