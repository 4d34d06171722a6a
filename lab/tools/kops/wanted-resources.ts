import { createHash } from 'node:crypto'
import type { NewResource, ResourceType } from '@meridian/lab-world'
import type { Found } from './cloud/read-xml.ts'
import { type Cluster, type InstanceGroup, regionOf } from './cluster-object.ts'
import { bidOf, mixedOf } from './mixed-instances.ts'
import { shortName } from './names.ts'

type Attributes = Record<string, unknown>
type Extra = { tags?: Record<string, string>; attributes?: Attributes }

/** Makes resources of one cluster, all tagged as its own. */
export type Maker = (type: ResourceType, name: string, extra?: Extra) => NewResource

/** Resources of one cluster, with its `cloudLabels` and the tags by which kops finds them again. */
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

const patterns: Record<string, object> = {
  ASGLifecycle: {
    source: ['aws.autoscaling'],
    'detail-type': ['EC2 Instance-terminate Lifecycle Action'],
  },
  InstanceScheduledChange: {
    source: ['aws.health'],
    'detail-type': ['AWS Health Event'],
    detail: { service: ['EC2'], eventTypeCategory: ['scheduledChange'] },
  },
  InstanceStateChange: { source: ['aws.ec2'], 'detail-type': ['EC2 Instance State-change Notification'] },
  SpotInterruption: { source: ['aws.ec2'], 'detail-type': ['EC2 Spot Instance Interruption Warning'] },
}

/** The two roles that the machines of a cluster have, which are named like their instance profiles. */
export const rolesOf = (cluster: string) => ['masters', 'nodes'].map(role => `${role}.${cluster}`)

/** The queue by which a cluster hears of interruptions. */
export const queueOf = (cluster: string) => `${cluster.replaceAll('.', '-')}-nth`

/** What no other resource of the cluster has to precede. */
export function wantedBase(cluster: Cluster, make: Maker): NewResource[] {
  const name = cluster.metadata.name
  const { permissionsBoundary: boundary } = (cluster.spec.iam ?? {}) as { permissionsBoundary?: string }
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: ['events.amazonaws.com', 'sqs.amazonaws.com'] },
        Action: 'sqs:SendMessage',
      },
    ],
  })
  return [
    make('vpc', name, { attributes: { cidrBlock: cluster.spec.networkCIDR } }),
    make('dhcp-options', name),
    ...rolesOf(name).map(role => make('iam-role', role, { attributes: { boundary } })),
    ...rolesOf(name).map(role => make('iam-instance-profile', role)),
    ...wantedVolumes(cluster, make),
    make('sqs', queueOf(name), { attributes: { policy } }),
    ...Object.entries(patterns).map(([rule, pattern]) =>
      make('eventbridge-rule', `${name}-${rule}`, { attributes: { pattern: JSON.stringify(pattern) } }),
    ),
  ]
}

/** The key for SSH, named by its MD5 as OpenSSH tells it; none where the store has none. */
export function wantedKeys(cluster: Cluster, make: Maker, publicKey: string | undefined): NewResource[] {
  const [, blob = ''] = publicKey?.trim().split(/\s+/) ?? []
  if (publicKey === undefined) return []
  const hash = createHash('md5').update(Buffer.from(blob, 'base64')).digest('hex')
  const fingerprint = hash.match(/../g)?.join(':')
  return [
    make('key-pair', `kubernetes.${cluster.metadata.name}-${fingerprint}`, { attributes: { publicKey } }),
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
    make('route-table', name, { tags: { 'kubernetes.io/kops/role': 'public' }, attributes: { vpcId } }),
    ...groups.map(group => {
      const description = `Security group for ${group === 'api-elb' ? 'api ELB' : group}`
      return make('security-group', `${group}.${name}`, { attributes: { vpcId, description } })
    }),
    ...privateZones(cluster).map(zone =>
      make('route-table', `private-${zone}.${name}`, {
        tags: { 'kubernetes.io/kops/role': `private-${zone}` },
        attributes: { vpcId },
      }),
    ),
    ...cluster.spec.subnets.map(({ name: subnet, cidr, zone, type }) =>
      make('subnet', `${subnet}.${name}`, {
        tags: {
          SubnetType: type,
          [`kubernetes.io/role/${type === 'Private' ? 'internal-elb' : 'elb'}`]: '1',
          ...(type === 'Public' && { 'kubernetes.io/role/internal-elb': '1' }),
        },
        attributes: { vpcId, cidrBlock: cidr, availabilityZone: zone },
      }),
    ),
  ]
}

/** Zones whose machines have no addresses of their own, and go out by a NAT gateway. */
export const privateZones = ({ spec }: Cluster) =>
  spec.subnets.filter(({ type }) => type === 'Private').map(({ zone }) => zone)

/** The API's front: a network load balancer and what it leads to. */
export function wantedFront(cluster: Cluster, make: Maker, network: readonly Found[]): NewResource[] {
  if (!hasLoadBalancer(cluster)) return []
  const name = cluster.metadata.name
  const vpcId = network.find(({ type }) => type === 'vpc')?.id
  const subnets = network.filter(({ type }) => type === 'subnet')
  const subnetId = (subnets.find(({ tags }) => tags.SubnetType === 'Utility') ?? subnets[0])?.id
  const scheme = cluster.spec.api.loadBalancer?.type === 'Internal' ? 'internal' : 'internet-facing'
  const securityGroup = network.find(each => each.name === `api-elb.${name}`)?.id
  return [
    make('load-balancer', shortName('api', name), { attributes: { scheme, subnetId, securityGroup } }),
    ...frontPorts.map(([prefix, port]) =>
      make('target-group', shortName(prefix, name), { attributes: { vpcId, port } }),
    ),
  ]
}

/** What the API's load balancer listens on, by the name of the target group. */
export const frontPorts = [
  ['tcp', 443],
  ['kops-controller', 3988],
] as const

/** The launch template of each instance group. */
export function wantedTemplates(
  groups: readonly InstanceGroup[],
  cluster: Cluster,
  make: Maker,
  network: readonly Found[],
  nodeVersion = cluster.spec.kubernetesVersion,
): NewResource[] {
  const { name } = cluster.metadata
  return groups.map(({ metadata, spec }) => {
    const version = spec.role === 'Master' ? cluster.spec.kubernetesVersion : nodeVersion
    const role = spec.role === 'Master' ? 'masters' : 'nodes'
    const securityGroup = network.find(
      each => each.name === `${role}.${name}` && each.type === 'security-group',
    )?.id
    return make('launch-template', groupLabel(metadata.name, spec.role, name), {
      tags: groupTags(metadata.name, spec.role),
      attributes: {
        instanceType: spec.machineType,
        spotPrice: bidOf(spec),
        imageId: spec.image,
        userData: userDataOf(cluster, metadata.name, version),
        profile: `${role}.${name}`,
        securityGroup,
      },
    })
  })
}

// What a machine starts from has the hash of its configuration, so that it changes with it.
function userDataOf({ spec }: Cluster, group: string, version: string): string {
  const config = JSON.stringify([group, version, spec.kubelet, spec.containerd])
  const hash = createHash('sha256').update(config).digest('hex')
  const script = `#!/bin/bash\nkubernetesVersion=${version}\nnodeupConfigHash=${hash}\n`
  return Buffer.from(script).toString('base64')
}

/** The auto scaling group of each instance group, which launches its instances itself. */
export function wantedGroups(
  groups: readonly InstanceGroup[],
  cluster: Cluster,
  make: Maker,
  existing: readonly Found[],
): NewResource[] {
  const { name } = cluster.metadata
  const arns = existing.filter(({ type }) => type === 'target-group').map(({ attributes }) => attributes.arn)
  return groups.map(({ metadata, spec }) => {
    const label = groupLabel(metadata.name, spec.role, name)
    const byName = (type: ResourceType, wanted: string) =>
      existing.find(each => each.type === type && each.name === wanted)?.id
    return make('autoscaling-group', label, {
      tags: groupTags(metadata.name, spec.role),
      attributes: {
        ...sizeOf(spec),
        mixed: mixedOf(spec),
        launchTemplate: byName('launch-template', label),
        subnetId: byName('subnet', `${spec.subnets[0]}.${name}`),
        targetGroups: spec.role === 'Master' ? arns : [],
      },
    })
  })
}

/** The limits of an auto scaling group; how many it really has lies between them and is not kops' business. */
function sizeOf({ minSize, maxSize }: InstanceGroup['spec']) {
  return { minSize, maxSize }
}

/** The instance groups whose auto scaling group has other limits than it should. */
export function wantedSizes(groups: readonly InstanceGroup[], existing: readonly Found[]): Resized[] {
  return groups.flatMap(({ metadata, spec }) => {
    const group = existing.find(
      ({ type, tags }) => type === 'autoscaling-group' && tags['kops.k8s.io/instancegroup'] === metadata.name,
    )
    const { minSize, maxSize } = group?.attributes ?? {}
    if (!group || (minSize === spec.minSize && maxSize === spec.maxSize)) return []
    return [{ group, size: sizeOf(spec) }]
  })
}

export type Resized = { group: Found; size: { minSize: number; maxSize: number } }

/** The etcd volumes of a control plane, which its machine attaches when it starts. */
function wantedVolumes(cluster: Cluster, make: Maker): NewResource[] {
  const clusters = (cluster.spec.etcdClusters ?? []) as { name: string; etcdMembers: EtcdMember[] }[]
  return clusters.flatMap(({ name: etcd, etcdMembers }) =>
    etcdMembers.map(({ name: member, instanceGroup }) =>
      make('volume', `${member}.etcd-${etcd}.${cluster.metadata.name}`, {
        tags: {
          'k8s.io/role/control-plane': '1',
          'k8s.io/role/master': '1',
          [`k8s.io/etcd/${etcd}`]: `${member}/${member}`,
        },
        attributes: { size: 20, volumeType: 'gp3', availabilityZone: zoneOf(instanceGroup) },
      }),
    ),
  )
}

type EtcdMember = { name: string; instanceGroup: string }

// control-plane-us-east-1a, or control-plane-us-east-1a-2
const zoneOf = (group: string) => /^control-plane-([a-z-]+\d[a-z])/.exec(group)?.[1] ?? ''

/** The running machines of an instance group. */
export function machinesOf(group: string, machines: readonly Found[]): Found[] {
  return machines.filter(({ tags }) => tags['kops.k8s.io/instancegroup'] === group)
}

/** Whether its API has a load balancer, rather than records of its machines. */
export const hasLoadBalancer = ({ spec }: Cluster) => spec.api.loadBalancer !== undefined

/** The name of what an instance group has in AWS. */
export function groupLabel(group: string, role: 'Master' | 'Node', cluster: string): string {
  return role === 'Master' ? `${group}.masters.${cluster}` : `${group}.${cluster}`
}

function groupTags(group: string, role: 'Master' | 'Node'): Record<string, string> {
  const label = role === 'Master' ? 'control-plane' : 'node'
  return { 'kops.k8s.io/instancegroup': group, [`k8s.io/role/${label}`]: '1' }
}
