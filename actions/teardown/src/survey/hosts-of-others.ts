import type { Aws } from '@meridian/aws'
import { plainHostname, type ZoneGroup } from '@meridian/dns'
import { type LoadBalancer, loadBalancers } from '@meridian/inventory'

/**
 * Names of load balancers that other clusters than the named ones have in the given regions: a record that leads to one
 * goes on serving, though its region is a named cluster's too. Asks only for regions that a group has.
 */
export async function findHostsOfOthers(
  aws: Aws,
  groups: readonly ZoneGroup[],
  regions: ReadonlySet<string>,
  named: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const present = new Set(groups.flatMap(({ records }) => records.map(({ region }) => region)))
  const asked = [...present].filter(region => regions.has(region))
  const found = await Promise.all(asked.map(region => loadBalancers(aws, region, {})))
  return new Set(
    found
      .flat()
      .filter(balancer => isOfOther(balancer, named))
      .map(({ hostname }) => plainHostname(hostname)),
  )
}

/** By the tag that the cloud controller of a cluster puts on each of its load balancers. Pure. */
export function isOfOther({ tags }: Pick<LoadBalancer, 'tags'>, named: ReadonlySet<string>): boolean {
  const owners = Object.keys(tags).flatMap(key => /^kubernetes\.io\/cluster\/(.+)$/.exec(key)?.[1] ?? [])
  return owners.length > 0 && owners.every(owner => !named.has(owner))
}
