import { createHash } from 'node:crypto'
import type { NewResource, Resource, ResourceType } from '../../world/resource.ts'
import { type Cluster, type InstanceGroup, regionOf } from './cluster-object.ts'
import { shortName } from './names.ts'

type Attributes = Record<string, unknown>
type Extra = { id?: string; state?: string; tags?: Record<string, string>; attributes?: Attributes }

/** Makes resources of one cluster, all tagged as its own. */
export type Maker = (type: ResourceType, name: string, extra?: Extra) => NewResource

export function makerFor(cluster: Cluster): Maker {
  const name = cluster.metadata.name
  const region = regionOf(cluster)
  return (type, label, { tags, ...extra } = {}) => ({
    type,
    region,
    name: label,
    ...extra,
    tags: {
      ...cluster.spec.cloudLabels,
      KubernetesCluster: name,
      Name: label,
      [`kubernetes.io/cluster/${name}`]: 'owned',
      ...tags,
    },
  })
}

/** What no other resource of the cluster has to precede. */
export function wantedBase(cluster: Cluster, make: Maker): NewResource[] {
  const name = cluster.metadata.name
  const roles = ['masters', 'nodes'].map(role => `${role}.${name}`)
  const rules = ['ASGLifecycle', 'InstanceScheduledChange', 'InstanceStateChange', 'SpotInterruption']
  return [
    make('vpc', name, { state: 'available', attributes: { cidrBlock: cluster.spec.networkCIDR } }),
    make('dhcp-options', name),
    ...roles.map(role => make('iam-role', role, { id: role })),
    make('sqs', `${name.replaceAll('.', '-')}-nth`),
    ...rules.map(rule => make('eventbridge-rule', `${name}-${rule}`)),
  ]
}

/** The network inside the VPC. */
export function wantedNetwork(cluster: Cluster, make: Maker, vpcId: string): NewResource[] {
  const name = cluster.metadata.name
  const groups = ['api-elb', 'masters', 'nodes'].filter(
    group => group !== 'api-elb' || hasLoadBalancer(cluster),
  )
  return [
    make('internet-gateway', name, { attributes: { vpcId } }),
    make('route-table', name, { attributes: { vpcId } }),
    ...groups.map(group => make('security-group', `${group}.${name}`, { attributes: { vpcId } })),
    ...cluster.spec.subnets.map(({ name: subnet, cidr, zone }) =>
      make('subnet', `${subnet}.${name}`, {
        state: 'available',
        attributes: { vpcId, cidrBlock: cidr, availabilityZone: zone },
      }),
    ),
    // The world allows one id per resource, while in IAM a role and its profile share their name.
    ...['masters', 'nodes'].map(role =>
      make('iam-instance-profile', `${role}.${name}`, { id: `profile/${role}.${name}` }),
    ),
  ]
}

/** The API's front: a network load balancer whose DNS name is derived from the VPC, so that a new one differs. */
export function wantedFront(cluster: Cluster, make: Maker, network: readonly Resource[]): NewResource[] {
  if (!hasLoadBalancer(cluster)) return []
  const name = cluster.metadata.name
  const vpcId = network.find(({ type }) => type === 'vpc')?.id ?? ''
  const label = shortName('api', name)
  const hash = createHash('sha256').update(`${vpcId}/${label}`).digest('hex').slice(0, 16)
  const id = `net/${label}/${hash}`
  const scheme = cluster.spec.api.loadBalancer?.type === 'Internal' ? 'internal' : 'internet-facing'
  const dnsName = `${label}-${hash}.elb.${regionOf(cluster)}.amazonaws.com`
  return [
    make('load-balancer', label, {
      id,
      state: 'active',
      attributes: { type: 'network', scheme, vpcId, dnsName, listeners: [{ protocol: 'TCP', port: 443 }] },
    }),
    ...['tcp', 'kops-controller'].map(prefix =>
      make('target-group', shortName(prefix, name), { attributes: { vpcId, loadBalancer: id } }),
    ),
  ]
}

/** Launch template and auto scaling group of each instance group; the group launches its instances itself. */
export function wantedGroups(
  groups: readonly InstanceGroup[],
  cluster: Cluster,
  make: Maker,
  network: readonly Resource[],
): NewResource[] {
  return groups.flatMap(({ metadata, spec }) => {
    const label = groupLabel(metadata.name, spec.role, cluster.metadata.name)
    const tags = groupTags(metadata.name, spec.role)
    const subnet = network.find(
      ({ type, name }) => type === 'subnet' && name === `${spec.subnets[0]}.${cluster.metadata.name}`,
    )
    const place = { availabilityZone: spec.subnets[0], subnetId: subnet?.id, vpcId: subnet?.attributes.vpcId }
    return [
      make('launch-template', label, {
        tags,
        attributes: { instanceType: spec.machineType, imageId: spec.image },
      }),
      make('autoscaling-group', label, {
        tags,
        attributes: { ...sizeOf(spec), ...place, instanceType: spec.machineType },
      }),
    ]
  })
}

/** The limits of an auto scaling group; how many it really has lies between them and is not kops' business. */
export function sizeOf({ minSize, maxSize }: InstanceGroup['spec']) {
  return { minSize, maxSize }
}

/** The instance groups whose auto scaling group has other limits than it should. */
export function wantedSizes(groups: readonly InstanceGroup[], existing: readonly Resource[]): Resized[] {
  return groups.flatMap(({ metadata, spec }) => {
    const group = existing.find(
      ({ type, tags }) => type === 'autoscaling-group' && tags['kops.k8s.io/instancegroup'] === metadata.name,
    )
    const { minSize, maxSize } = group?.attributes ?? {}
    if (!group || (minSize === spec.minSize && maxSize === spec.maxSize)) return []
    return [{ group, size: sizeOf(spec) }]
  })
}

export type Resized = { group: Resource; size: { minSize: number; maxSize: number } }

/** The etcd volumes of a control plane, attached to its instance. */
export function wantedVolumes(cluster: Cluster, make: Maker, existing: readonly Resource[]): NewResource[] {
  const clusters = (cluster.spec.etcdClusters ?? []) as { name: string; etcdMembers: EtcdMember[] }[]
  return clusters.flatMap(({ name: etcd, etcdMembers }) =>
    etcdMembers.map(({ name: member, instanceGroup }) => {
      const instance = machinesOf(instanceGroup, existing)[0]
      return make('volume', `${member}.etcd-${etcd}.${cluster.metadata.name}`, {
        state: 'in-use',
        attributes: { size: 20, volumeType: 'gp3', encrypted: true, instanceId: instance?.id },
      })
    }),
  )
}

type EtcdMember = { name: string; instanceGroup: string }

/** The running machines of an instance group. */
export function machinesOf(group: string, existing: readonly Resource[]): Resource[] {
  return existing.filter(
    ({ type, state, tags }) =>
      type === 'instance' && state !== 'shutting-down' && tags['kops.k8s.io/instancegroup'] === group,
  )
}

const hasLoadBalancer = ({ spec }: Cluster) => spec.api.loadBalancer !== undefined

function groupLabel(group: string, role: 'Master' | 'Node', cluster: string): string {
  return role === 'Master' ? `${group}.masters.${cluster}` : `${group}.${cluster}`
}

function groupTags(group: string, role: 'Master' | 'Node'): Record<string, string> {
  const label = role === 'Master' ? 'control-plane' : 'node'
  return { 'kops.k8s.io/instancegroup': group, [`k8s.io/role/${label}`]: '1' }
}
