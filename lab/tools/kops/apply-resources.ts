import type { NewResource, Resource, ResourceType } from '../../world/resource.ts'
import { checkAnswer } from './cloud-client.ts'
import { type Cluster, type InstanceGroup, regionOf } from './cluster-object.ts'
import type { Kops } from './context.ts'
import { passPoint } from './pass-point.ts'
import { creationOf, runTask, taskOf } from './run-task.ts'
import {
  makerFor,
  wantedBase,
  wantedFront,
  wantedGroups,
  wantedNetwork,
  wantedSizes,
  wantedVolumes,
} from './wanted-resources.ts'

/** Everything in the cloud that carries the cluster's tags, or what of it is of the given types. */
export async function clusterResources(
  kops: Kops,
  cluster: Cluster,
  types: readonly ResourceType[] = [],
): Promise<Resource[]> {
  const query = new URLSearchParams({ cluster: cluster.metadata.name, types: types.join(',') })
  const answer = await kops.cloud(regionOf(cluster)).ask<Resource[]>('GET', `/_world/resources?${query}`)
  return checkAnswer(answer, 'error listing resources')
}

/** Makes what the cluster lacks, in the order of dependence, and resolves to everything it then has. */
export async function applyResources(
  kops: Kops,
  cluster: Cluster,
  groups: readonly InstanceGroup[],
): Promise<Resource[]> {
  const { name } = cluster.metadata
  const make = makerFor(cluster)
  const existing = await clusterResources(kops, cluster)
  const addMissing = async (wanted: NewResource[]) => {
    for (const { resource, tags } of wantedTags(wanted, existing)) await retag(kops, cluster, resource, tags)
    for (const lacking of missing(wanted, existing)) existing.push(...(await addOne(kops, cluster, lacking)))
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
    await runTask(kops, taskOf(group), async () => {
      const path = `/_world/groups/${encodeURIComponent(group.id)}`
      const answer = await kops.cloud(regionOf(cluster)).ask('POST', path, size)
      return checkAnswer(answer, 'error updating AutoscalingGroup')
    })
  }
  await passPoint(kops, 'autoscaling-group', name)
  // The groups have launched their instances by now; the volumes are attached to some of them.
  const all = await clusterResources(kops, cluster)
  await addMissing(wantedVolumes(cluster, make, all))
  return [...all, ...existing.filter(({ type }) => type === 'volume')]
}

function missing(wanted: readonly NewResource[], existing: readonly Resource[]): NewResource[] {
  return wanted.filter(
    ({ type, name }) => !existing.some(other => other.type === type && other.name === name),
  )
}

/** What exists under a wanted name is the cluster's, whoever made it: kops gives it the tags that it lacks. */
export function wantedTags(wanted: readonly NewResource[], existing: readonly Resource[]): Retagged[] {
  return wanted.flatMap(({ type, name, tags = {} }) => {
    const resource = existing.find(other => other.type === type && other.name === name)
    const differing = Object.entries(tags).filter(([key, value]) => resource?.tags[key] !== value)
    return resource && differing.length > 0 ? [{ resource, tags: Object.fromEntries(differing) }] : []
  })
}

export type Retagged = { resource: Resource; tags: Record<string, string> }

async function retag(
  kops: Kops,
  cluster: Cluster,
  resource: Resource,
  tags: Retagged['tags'],
): Promise<void> {
  await runTask(kops, taskOf(resource), async () => {
    const path = `/_world/tags/${encodeURIComponent(resource.id)}`
    const answer = await kops.cloud(regionOf(cluster)).ask('POST', path, tags)
    return checkAnswer(answer, `error adding tags to resource ${JSON.stringify(resource.id)}`)
  })
}

async function addOne(kops: Kops, cluster: Cluster, wanted: NewResource): Promise<Resource[]> {
  return runTask(kops, taskOf(wanted), async () => {
    const cloud = kops.cloud(regionOf(cluster))
    const answer = await cloud.ask<Resource[]>('POST', '/_world/resources', [wanted])
    return checkAnswer(answer, creationOf(wanted.type))
  })
}
