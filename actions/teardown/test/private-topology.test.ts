import { compareSnapshots, startUniverse } from '@meridian/lab-universe'
import { stubAws } from '@meridian/lab-universe/testing'
import { addResource } from '@meridian/lab-world'
import { expect, onTestFinished, test, vi } from 'vitest'
import { tearDown } from './in-process.ts'
import { labelsOf, makeBucket, makeNamedCluster } from './lab-environment.ts'

const environment = 'private'
const cluster = `usa.${environment}.k8s.example.com`
const region = 'us-east-1'

/** A world with a cluster whose machines go out by a NAT gateway, under the documented policies. */
async function openPrivate() {
  const universe = await startUniverse({ scale: 10_000 })
  stubAws(universe)
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await universe.close()
  })
  await makeBucket(universe, environment, { cluster })
  await makeNamedCluster(universe, cluster, labelsOf(environment, cluster), '--topology=private', '--yes')
  const { inventory } = universe.world
  const left = () => inventory.list(({ tags }) => tags.KubernetesCluster === cluster).map(({ type }) => type)
  const run = () =>
    tearDown(universe, environment, {
      environment,
      clusters: '[{name: usa, region: us-east-1}]',
      scope: 'clusters,state',
    })
  return { universe, inventory, left, run }
}

test('NAT gateways and their addresses go with the cluster', async () => {
  const { left, run } = await openPrivate()
  expect(left()).toEqual(expect.arrayContaining(['natgateway', 'elastic-ip']))
  const { error } = await run()
  expect([error, left()]).toEqual([undefined, []])
})

test('an address that a killed kops has left, which no later one finds, is told with its price', async () => {
  const { inventory, left, run } = await openPrivate()
  const tags = { ...inventory.list({ type: 'elastic-ip' })[0]?.tags }
  const lost = inventory.add({ type: 'elastic-ip', region, tags })
  const { error } = await run()
  expect(error?.message).toContain(`elastic-ip/${lost.id} in us-east-1 ($0.0050 per hour)`)
  expect(left()).toContain('elastic-ip')
})

test("a NAT gateway of others to which a cluster's routes were led stays, also when the advice is followed", async () => {
  const { universe, inventory, left, run } = await openPrivate()
  const theirs = addResource(universe.world, { type: 'natgateway', region, tags: { team: 'network' } })
  const table = inventory.list({ type: 'route-table', name: `private-us-east-1a.${cluster}` })[0]
  const routes = (table?.attributes.routes ?? []) as object[]
  if (table) table.attributes.routes = [...routes, { to: '10.9.0.0/16', via: theirs.id }]
  const before = universe.snapshot()
  const refused = await run()
  expect(refused.error).toMatchObject({
    message: `the route table ${table?.id} of ${cluster} leads to the NAT gateway ${theirs.id}, which is not the cluster's: kops would delete it with the cluster`,
    fix: expect.stringContaining(
      `aws ec2 delete-route --region us-east-1 --route-table-id ${table?.id} --destination-cidr-block 10.9.0.0/16.`,
    ),
  })
  expect(compareSnapshots(before, universe.snapshot())).toEqual([])
  if (table) table.attributes.routes = routes
  const { error } = await run()
  expect([error, left()]).toEqual([undefined, []])
  expect(inventory.get(theirs.id)?.state).not.toMatch(/delet/)
})
