import { addResource } from '@meridian/lab-world'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { create, name, state } from '../testing/kops-cluster.ts'
import { openToolWorld, type ToolWorld } from '../testing/tool-world.ts'

let lab: ToolWorld

beforeEach(async () => {
  lab = await openToolWorld()
})
afterEach(() => lab.close())

const createPrivate = `${create.replace('us-east-1a', 'us-east-1a,us-east-1b')} --topology=private --yes`
const of = (type: string) => lab.world.inventory.list(each => each.type === type)
const remove = () => lab.kops(`delete cluster ${name} ${state} --yes`)
const asked = () => lab.world.requests.all().map(({ operation }) => operation)

test('machines of a private cluster go out by a NAT gateway for each zone, in the subnet beside theirs', async () => {
  expect(await lab.kops(createPrivate)).toMatchObject({ exitCode: 0 })
  expect(of('subnet').map(each => [each.name, each.attributes.cidrBlock, each.tags.SubnetType])).toEqual([
    [`us-east-1a.${name}`, '172.20.32.0/19', 'Private'],
    [`us-east-1b.${name}`, '172.20.64.0/19', 'Private'],
    [`utility-us-east-1a.${name}`, '172.20.0.0/22', 'Utility'],
    [`utility-us-east-1b.${name}`, '172.20.4.0/22', 'Utility'],
  ])
  const ways = of('natgateway').map(({ id, name, attributes }) => {
    const beside = of('subnet').find(subnet => subnet.id === attributes.subnetId)
    const table = of('route-table').find(each => JSON.stringify(each.attributes.routes).includes(id))
    const users = of('subnet').filter(subnet => subnet.attributes.routeTableId === table?.id)
    return [name, beside?.name, beside?.tags.AssociatedNatgateway === id, users.map(each => each.name)]
  })
  expect(ways).toEqual([
    [`us-east-1a.${name}`, `utility-us-east-1a.${name}`, true, [`us-east-1a.${name}`]],
    [`us-east-1b.${name}`, `utility-us-east-1b.${name}`, true, [`us-east-1b.${name}`]],
  ])
  expect(of('elastic-ip').map(each => each.tags.KubernetesCluster)).toEqual([name, name])
  const order = asked().filter(operation => /AllocateAddress|CreateNatGateway/.test(operation ?? ''))
  expect(order.slice(0, 2)).toEqual(['AllocateAddress', 'CreateNatGateway'])
})

test('an update of it makes no second gateway', async () => {
  await lab.kops(createPrivate)
  const before = [of('natgateway'), of('elastic-ip'), of('route-table')]
  expect(await lab.kops(`update cluster ${name} ${state} --yes`)).toMatchObject({ exitCode: 0 })
  expect([of('natgateway'), of('elastic-ip'), of('route-table')]).toEqual(before)
})

test('its addresses are let go of once the gateways are gone, and nothing is left', async () => {
  await lab.kops(createPrivate)
  const { exitCode, stdout } = await remove()
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/\nnat-gateway:nat-\w+\tok\n/)
  expect(stdout).toMatch(/\nelastic-ip:eipalloc-\w+\tok\n/)
  expect(lab.world.inventory.list(({ type }) => type !== 'bucket')).toEqual([])
})

/** Somebody's NAT gateway in another network, to which the private route table of the first zone leads too. */
async function leadElsewhere(tags: Record<string, string>) {
  await lab.kops(createPrivate)
  const region = 'us-east-1'
  const { id: allocationId } = addResource(lab.world, { type: 'elastic-ip', region })
  const theirs = addResource(lab.world, { type: 'natgateway', region, attributes: { allocationId } })
  const table = of('route-table').find(each => each.name?.startsWith('private-us-east-1a'))
  const routes = (table?.attributes.routes ?? []) as object[]
  Object.assign(table?.attributes ?? {}, { routes: [...routes, { to: '10.9.0.0/16', via: theirs.id }] })
  Object.assign(table?.tags ?? {}, tags)
  return theirs.id
}

// As read in kops' FindNatGateways: what its own tables lead to is the cluster's.
test.each([
  ['goes with the cluster', {}, ['deleted']],
  [
    'stays where the table says that it is shared',
    { AssociatedNatgateway: 'nat-of-somebody' },
    ['available'],
  ],
])("somebody's gateway to which a route leads %s", async (_, tags, states) => {
  const id = await leadElsewhere(tags)
  expect(await remove()).toMatchObject({ exitCode: 0 })
  await lab.world.clock.sleep(120)
  const { inventory } = lab.world
  const gone = inventory.departed.find(({ resource }) => resource.id === id)?.resource
  expect([(inventory.get(id) ?? gone)?.state]).toEqual(states)
})
