import type { GivenCluster } from '@meridian/identity'

/**
 * The order in which to work on the clusters of a federation, one region after the other: what is out of its name
 * already is finished first, since no second region may be out meanwhile, and the host comes last, since all others can be
 * brought back only while it answers. Otherwise it stays. Pure.
 */
export function orderClusters<Cluster extends Pick<GivenCluster, 'name' | 'region'>>(
  clusters: readonly Cluster[],
  { host = clusters[0]?.name, out }: { readonly host?: string | undefined; readonly out: readonly string[] },
): Cluster[] {
  const rank = ({ name, region }: Cluster) => (out.includes(region) ? 0 : name === host ? 2 : 1)
  return clusters.toSorted((a, b) => rank(a) - rank(b))
}
