import { createWorld, publicAddresses } from '@meridian/lab-world'
import { expect, test } from 'vitest'
import { loadBalancerBehind } from '../load-balancer-behind.ts'

/** A world with load balancers of which two have their first address in common, and the names of these. */
function worldOfNamesakes() {
  const world = createWorld()
  const seen = new Map<string, string>()
  for (let number = 0; ; number++) {
    const dnsName = `app-${number}.us-east-1.elb.amazonaws.com`
    world.inventory.add({ type: 'load-balancer', region: 'us-east-1', attributes: { dnsName } })
    const [first = ''] = publicAddresses(world, dnsName)
    const other = seen.get(first)
    if (other !== undefined) return { world, names: [other, dnsName] }
    seen.set(first, dnsName)
  }
}

test('of two load balancers with an address in common the one with all addresses of the answer is behind a name', () => {
  const { world, names } = worldOfNamesakes()
  const behind = names.map(dnsName =>
    loadBalancerBehind(
      world,
      () => ({
        records: publicAddresses(world, dnsName).map(value => ({
          name: 'app.example.com',
          type: 'A',
          ttl: 60,
          value,
        })),
      }),
      'app.example.com',
    ),
  )
  expect(behind).toEqual(names)
})
