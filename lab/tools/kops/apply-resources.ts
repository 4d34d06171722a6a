import type { NewResource, Resource } from '../../world/resource.ts'
import { ToolError } from '../terminal.ts'
import type { WorldClient } from '../world-client.ts'
import type { Cluster, InstanceGroup } from './cluster-object.ts'
import type { Kops } from './context.ts'
import { passPoint } from './pass-point.ts'
import {
  makerFor,
  wantedBase,
  wantedFront,
  wantedGroups,
  wantedNetwork,
  wantedSizes,
  wantedVolumes,
} from './wanted-resources.ts'

/** Everything in the cloud that carries the cluster's tags. */
export async function clusterResources(world: WorldClient, name: string): Promise<Resource[]> {
  const answer = await world.ask<Resource[]>('GET', `/_world/resources?cluster=${encodeURIComponent(name)}`)
  if (answer.status >= 300) throw new ToolError(`error listing resources: ${answer.message}`)
  return answer.body
}

/** Makes what the cluster lacks, in the order of dependence, and resolves to everything it then has. */
export async function applyResources(
  kops: Kops,
  cluster: Cluster,
  groups: readonly InstanceGroup[],
): Promise<Resource[]> {
  const { world } = kops
  const { name } = cluster.metadata
  const make = makerFor(cluster)
  const existing = await clusterResources(world, name)
  const addMissing = async (wanted: NewResource[]) => {
    const lacking = missing(wanted, existing)
    if (lacking.length > 0) existing.push(...(await addAll(world, lacking)))
  }
  const [network, ...base] = wantedBase(cluster, make)
  await addMissing(network ? [network] : [])
  await passPoint(kops, 'vpc', name)
  await addMissing(base)
  const vpc = existing.find(({ type }) => type === 'vpc')
  await addMissing(wantedNetwork(cluster, make, vpc?.id ?? ''))
  await addMissing(wantedFront(cluster, make, existing))
  await addMissing(wantedGroups(groups, cluster, make, existing))
  for (const { group, size } of wantedSizes(groups, existing)) {
    await world.ask('POST', `/_world/groups/${encodeURIComponent(group.id)}`, size)
  }
  await passPoint(kops, 'autoscaling-group', name)
  // The groups have launched their instances by now; the volumes are attached to some of them.
  const all = await clusterResources(world, name)
  await addMissing(wantedVolumes(cluster, make, all))
  return [...all, ...existing.filter(({ type }) => type === 'volume')]
}

function missing(wanted: readonly NewResource[], existing: readonly Resource[]): NewResource[] {
  return wanted.filter(
    ({ type, name }) => !existing.some(other => other.type === type && other.name === name),
  )
}

async function addAll(world: WorldClient, wanted: readonly NewResource[]): Promise<Resource[]> {
  const answer = await world.ask<Resource[]>('POST', '/_world/resources', wanted)
  if (answer.status >= 300) throw new ToolError(`error running tasks: ${answer.message}`)
  return answer.body
}
