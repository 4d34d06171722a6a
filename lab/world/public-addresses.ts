import { createHash } from 'node:crypto'
import { textAttribute } from './resource.ts'
import type { World } from './world.ts'

/**
 * The two addresses behind a load balancer's name while it is active, always the same for the same name,
 * from the ranges for documentation; [] for a name that nobody has.
 */
export function publicAddresses(world: World, dnsName: string): string[] {
  return knownAddresses(world, dnsName) ?? []
}

/** The same; undefined for a name that nobody has, and none while the load balancer is being provisioned. */
export function knownAddresses(world: World, dnsName: string): string[] | undefined {
  const host = dnsName.replace(/\.$/, '').toLowerCase()
  const [loadBalancer] = world.inventory.list(
    resource =>
      resource.type === 'load-balancer' && textAttribute(resource, 'dnsName')?.toLowerCase() === host,
  )
  if (!loadBalancer) return undefined
  if (loadBalancer.state === 'provisioning') return []
  const digest = createHash('sha256').update(host).digest()
  if (textAttribute(loadBalancer, 'scheme') === 'internal')
    return [`192.168.40.${digest[0]}`, `192.168.72.${digest[1]}`]
  return [`192.0.2.${digest[0]}`, `198.51.100.${digest[1]}`]
}
