import type { Aws } from '@meridian/aws'
import { plainHostname, type ZoneGroup } from '@meridian/dns'
import { type ClusterDescriptor, isAnywhere } from '@meridian/identity'
import { type LoadBalancer, loadBalancers } from '@meridian/inventory'

/**
 * Names of load balancers that other clusters than the named ones have in these' regions: a record that leads to one
 * goes on serving, though its region is a named cluster's too. Asks only for regions that a group has. What the load
 * balancers of an existing cluster say of it is not known: in its region none is taken for another's.
 */
export async function findHostsOfOthers(
  aws: Aws,
  groups: readonly ZoneGroup[],
  clusters: readonly ClusterDescriptor[],
): Promise<ReadonlySet<string>> {
  const present = new Set(groups.flatMap(({ records }) => records.map(({ region }) => region)))
  const named = new Set(clusters.map(({ fullName, eksName }) => eksName ?? fullName))
  const asked = [...present].filter(region => {
    const there = clusters.filter(cluster => cluster.region === region)
    return there.length > 0 && !there.some(({ provider }) => isAnywhere(provider))
  })
  const found = await Promise.all(asked.map(region => loadBalancers(aws, region, {})))
  return new Set(
    found
      .flat()
      .filter(balancer => isOfOther(balancer, named))
      .map(({ hostname }) => plainHostname(hostname)),
  )
}

/** Of AWS's own load balancer controller, and of EKS Auto Mode: the value is the cluster. */
const ownerTags = ['elbv2.k8s.aws/cluster', 'eks:eks-cluster-name']

/** By the tags that the controllers of a cluster put on each of its load balancers. Pure. */
function isOfOther({ tags }: Pick<LoadBalancer, 'tags'>, named: ReadonlySet<string>): boolean {
  const inKeys = Object.keys(tags).flatMap(key => /^kubernetes\.io\/cluster\/(.+)$/.exec(key)?.[1] ?? [])
  const owners = [...inKeys, ...ownerTags.flatMap(key => tags[key] ?? [])]
  return owners.length > 0 && owners.every(owner => !named.has(owner))
}
