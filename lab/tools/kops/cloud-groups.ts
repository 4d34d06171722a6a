import type { ClusterView } from '@meridian/lab-world'
import { describe } from './cloud/ec2-kinds.ts'
import { groupsOfCluster, type Launched, machinesOfCluster, scaling } from './cloud/group-kinds.ts'
import { type Cluster, type InstanceGroup, regionOf } from './cluster-object.ts'
import type { Kops } from './context.ts'
import { groupLabel } from './wanted-resources.ts'

/** An instance as a rolling update sees it. */
export type Member = {
  id: string
  detached: boolean /** Whether it is a node of the cluster. */
  joined: boolean
}

/** An instance group with what the cloud has of it. */
export type CloudGroup = {
  group: InstanceGroup
  /** Of the auto scaling group. */
  name: string
  minSize: number
  targetSize: number
  maxSize: number
  ready: Member[]
  needUpdate: Member[]
}

export const detachedFrom = 'kops.k8s.io/detached-from-asg'

/** The groups of a cluster with their instances: those that an older version of the template has launched need an update. */
export async function findCloudGroups(
  kops: Kops,
  cluster: Cluster,
  groups: readonly InstanceGroup[],
  nodes: ClusterView['nodes'],
): Promise<CloudGroup[]> {
  const { name: clusterName } = cluster.metadata
  const cloud = kops.cloud(regionOf(cluster))
  const joined = new Set(nodes.filter(({ status }) => status !== 'absent').map(({ name }) => name))
  const found: CloudGroup[] = []
  for (const { name, attributes } of await groupsOfCluster(cloud, clusterName)) {
    const group = groups.find(each => groupLabel(each.metadata.name, each.spec.role, clusterName) === name)
    if (group === undefined) continue
    const templateId = String(attributes.launchTemplate)
    const [template] = await describe(cloud, 'launch-template', { 'LaunchTemplateId.1': templateId })
    const latest = `${templateId}:${template?.attributes.latestVersion}`
    const machines = await machinesOfCluster(cloud, clusterName, group.metadata.name)
    await scaling(cloud, 'DescribeWarmPool', { AutoScalingGroupName: name })
    const launched = attributes.instances as Launched[]
    const member = (id: string, detached: boolean): Member => ({ id, detached, joined: joined.has(id) })
    const running = launched.filter(({ id }) => machines.some(machine => machine.id === id))
    const detached = machines.filter(
      ({ id, tags }) => tags[detachedFrom] !== undefined && !running.some(each => each.id === id),
    )
    found.push({
      group,
      name,
      minSize: Number(attributes.minSize),
      targetSize: Number(attributes.targetSize),
      maxSize: Number(attributes.maxSize),
      ready: running.filter(({ template: by }) => by === latest).map(({ id }) => member(id, false)),
      needUpdate: [
        ...running.filter(({ template: by }) => by !== latest).map(({ id }) => member(id, false)),
        ...detached.map(({ id }) => member(id, true)),
      ],
    })
  }
  return found
}
