import type { NewResource } from '@meridian/lab-world'
import { ToolError } from '../terminal.ts'
import type { Building } from './building.ts'
import { scaling } from './cloud/group-kinds.ts'
import { kindOf } from './cloud/kinds.ts'
import type { Found } from './cloud/read-xml.ts'
import { type Cluster, type InstanceGroup, regionOf } from './cluster-object.ts'
import type { Kops } from './context.ts'
import { passPoint } from './pass-point.ts'
import { creationOf, runTask, taskOf } from './run-task.ts'
import { tiePrivateZone } from './tie-private-zone.ts'
import { tieBase, tieFront, tieGroups, tieNetwork } from './ties.ts'
import {
  makerFor,
  privateZones,
  wantedBase,
  wantedFront,
  wantedGroups,
  wantedKeys,
  wantedNetwork,
  wantedSizes,
  wantedTemplates,
} from './wanted-resources.ts'

/** The instance groups that an update is about, and the Kubernetes of those that are no control plane. */
export type Chosen = { groups: readonly InstanceGroup[]; nodeVersion: string }

/** Makes what the cluster lacks, in the order of dependence; `reach` is told of each phase before it begins, and may hold it up. */
export async function applyResources(
  kops: Kops,
  cluster: Cluster,
  { groups, nodeVersion }: Chosen,
  { publicKey, reach }: { publicKey: string | undefined; reach(phase: number): Promise<void> },
): Promise<void> {
  const { name } = cluster.metadata
  const make = makerFor(cluster)
  const building: Building = { kops, cloud: kops.cloud(regionOf(cluster)), cluster, found: [] }
  const [network, ...base] = wantedBase(cluster, make)
  await settle(building, network ? [network] : [])
  await passPoint(kops, 'vpc', name)
  await settle(building, [...base, ...wantedKeys(cluster, make, publicKey)])
  await tieBase(building)
  await reach(1)
  const vpc = building.found.find(({ type }) => type === 'vpc')
  await settle(building, wantedNetwork(cluster, make, vpc?.id ?? ''))
  await tieNetwork(building)
  for (const zone of privateZones(cluster)) await tiePrivateZone(building, zone, settle)
  await reach(2)
  await settle(building, wantedFront(cluster, make, building.found))
  await tieFront(building)
  await reach(3)
  await settle(building, wantedTemplates(groups, cluster, make, building.found, nodeVersion))
  await reach(4)
  await settle(building, wantedGroups(groups, cluster, make, building.found))
  await resize(building, groups)
  await tieGroups(building, groups)
  await passPoint(kops, 'autoscaling-group', name)
}

/** Finds each, tags it where it lacks tags, or makes it. */
async function settle({ kops, cloud, cluster, found }: Building, all: readonly NewResource[]): Promise<void> {
  for (const wanted of all) {
    const kind = kindOf(wanted)
    const settled = await runTask(kops, taskOf(wanted), async () => {
      const there = await kind.find(cloud, wanted, cluster.metadata.name)
      if (there === undefined) return explaining(creationOf(wanted.type), kind.make(cloud, wanted))
      await kind.mend?.(cloud, there, wanted)
      for (const { resource, tags } of wantedTags([wanted], [there])) {
        const doing = `error adding tags to resource ${JSON.stringify(resource.id)}`
        await explaining(doing, kind.tag(cloud, resource, tags))
      }
      return there
    })
    found.push(settled)
  }
}

async function resize({ kops, cloud, found }: Building, groups: readonly InstanceGroup[]): Promise<void> {
  for (const { group, size } of wantedSizes(groups, found)) {
    await runTask(kops, taskOf(group), async () => {
      const parameters = {
        AutoScalingGroupName: group.name,
        MaxInstanceLifetime: 0,
        MaxSize: size.maxSize,
        MinSize: size.minSize,
      }
      await explaining(
        'error updating AutoscalingGroup',
        scaling(cloud, 'UpdateAutoScalingGroup', parameters),
      )
    })
  }
}

/** Puts what kops was doing before what AWS said. */
export async function explaining<T>(doing: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof ToolError ? new ToolError(`${doing}: ${error.message}`) : error
  }
}

/** What exists under a wanted name is the cluster's, whoever made it: kops gives it the tags that it lacks. */
export function wantedTags(wanted: readonly NewResource[], existing: readonly Found[]): Retagged[] {
  return wanted.flatMap(({ type, name, tags = {} }) => {
    const resource = existing.find(other => other.type === type && other.name === name)
    const differing = Object.entries(tags).filter(([key, value]) => resource?.tags[key] !== value)
    return resource && differing.length > 0 ? [{ resource, tags: Object.fromEntries(differing) }] : []
  })
}

export type Retagged = { resource: Found; tags: Record<string, string> }
