import { afterAll, expect, test } from 'vitest'
import { eventually, specOf, startMember, startTestWorld } from '../testing/test-world.ts'

const fast = startTestWorld()
const ranks = { absent: 0, False: 1, True: 2 }

afterAll(() => fast.close())

test('a booting cluster is first unknown, then named, then serving, then joined by its machines', async () => {
  const spec = await specOf('boot')
  const published: number[] = []
  const { network } = fast.world
  const publish = network.publish
  network.publish = (host, port, localPort) => {
    if (host === spec.apiHost) published.push(localPort)
    publish(host, port, localPort)
  }
  await fast.host.start(spec)
  const seen: number[][] = []
  await eventually(() => {
    const view = fast.host.view(spec.name)
    const nodes = view?.nodes.map(node => ranks[node.status]) ?? []
    seen.push([Number(view?.resolves), Number(view?.serving), ...nodes])
    return seen.at(-1)?.join() === '1,1,2,2' ? true : undefined
  })
  network.publish = publish
  expect(seen[0]).toEqual([0, 0, 0, 0])
  for (const [index, stage] of seen.entries()) {
    const before = seen[index - 1] ?? stage
    expect(stage.every((rank, at) => rank >= (before[at] ?? 0))).toBe(true)
  }
  // Before it serves, its name leads to the loopback's port 1, where connections are refused.
  expect(published).toEqual([1, fast.host.clusters().find(each => each.spec.name === spec.name)?.server.port])
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

test('asked for with other machines, a cluster takes in the new and lets go the others', async () => {
  const { spec } = await startMember(fast, 'bra')
  const machine = { name: 'i-0bra3333', zone: 'us-east-1a', size: 't3.medium' }
  await fast.host.start({ ...spec, nodes: [machine] })
  const names = await eventually(() => {
    const nodes = fast.host.view(spec.name)?.nodes ?? []
    return nodes.every(({ status }) => status === 'True') ? nodes.map(({ name }) => name) : undefined
  })
  expect(names).toEqual(['i-0bra1111', 'i-0bra3333'])
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
