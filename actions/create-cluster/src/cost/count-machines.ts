import type { ClusterSpec, SavedCluster } from '@meridian/kops'
import type { Machinery } from './estimate-cost.ts'

type Machines = { readonly count: number; readonly size: string; readonly spot?: boolean }

/** What a cluster is made of, as kops has saved it or is told to make it. */
export function machineryOf(made: SavedCluster | ClusterSpec, region: string): Machinery {
  const { zones, topology } = made
  const place = { region, zones: zones.length, topology }
  if ('controlPlane' in made) {
    const { controlPlane, nodes, dnsZone } = made
    return { ...place, controlPlane: [controlPlane], nodes: [nodes], apiLoadBalancer: dnsZone === undefined }
  }
  const of = (isWanted: (role: string) => boolean): Machines[] =>
    made.groups
      .filter(({ role }) => isWanted(role))
      .map(({ min, size, spot = false }) => ({ count: min, size, spot }))
  return {
    ...place,
    controlPlane: of(role => role === 'control-plane'),
    nodes: of(role => role !== 'control-plane'),
    apiLoadBalancer: made.dns === 'none',
  }
}

/** How many machines are to join. */
export function countMachines({ controlPlane, nodes }: Pick<Machinery, 'controlPlane' | 'nodes'>): number {
  return [...controlPlane, ...nodes].reduce((total, { count }) => total + count, 0)
}
