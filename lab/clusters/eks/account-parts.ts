import type { EksCluster, Nodegroup } from '@meridian/lab-aws'
import { addResource, instancesOf, type Machine, type World } from '@meridian/lab-world'

type Place = Pick<EksCluster, 'account' | 'region' | 'name'>
type Vpc = EksCluster['vpc']

/** What was in an account before Meridian came: nobody expects it to go. */
export const standing = { standing: true }

/** The network that a cluster of EKS was made in, with the security group that EKS makes for it. */
export function addVpc(world: World, { account, region, name }: Place): Vpc {
  const tags = { 'alpha.eksctl.io/cluster-name': name }
  const add = (type: 'vpc' | 'subnet' | 'security-group', more: object, attributes: object) =>
    world.inventory.add({ type, account, region, tags, ...more, attributes: { ...standing, ...attributes } })
      .id
  const vpcId = add('vpc', { name: `eksctl-${name}-cluster/VPC` }, { cidrBlock: '192.168.0.0/16' })
  const subnetIds = ['a', 'c'].map((letter, at) =>
    add(
      'subnet',
      { tags: { ...tags, 'kubernetes.io/role/elb': '1' } },
      { vpcId, cidrBlock: `192.168.${32 * at}.0/19`, availabilityZone: region + letter },
    ),
  )
  const clusterSecurityGroupId = add(
    'security-group',
    {
      name: `eks-cluster-sg-${name}-${Math.floor(1e9 * world.random())}`,
      tags: { 'aws:eks:cluster-name': name, [`kubernetes.io/cluster/${name}`]: 'owned' },
    },
    { vpcId, description: 'EKS created security group applied to ENI that is attached to EKS Control Plane' },
  )
  return { vpcId, subnetIds, clusterSecurityGroupId }
}

/** The machines of a cluster: a managed node group, or in Auto Mode machines that only EKS manages. */
export function addNodes(
  world: World,
  { account, region, name }: Place,
  { vpcId, subnetIds }: Vpc,
  { size, instanceType, autoMode }: { size: number; instanceType: string; autoMode: boolean },
): { nodegroups: Nodegroup[]; spec: Machine[] } {
  const owned = { [`kubernetes.io/cluster/${name}`]: 'owned' }
  const zone = `${region}a`
  const attributes = { ...standing, instanceType, availabilityZone: zone, subnetId: subnetIds[0], vpcId }
  if (autoMode) {
    const tags = { ...owned, 'eks:eks-cluster-name': name, 'karpenter.sh/nodepool': 'general-purpose' }
    const spec = Array.from({ length: size }, () => {
      const born = { type: 'instance', account, region, state: 'running', tags, attributes } as const
      return { name: world.inventory.add(born).id, zone, size: instanceType }
    })
    return { nodegroups: [], spec }
  }
  const autoscalingGroup = `eks-default-${crypto.randomUUID()}`
  const group = addResource(world, {
    type: 'autoscaling-group',
    account,
    region,
    name: autoscalingGroup,
    tags: { ...owned, 'eks:cluster-name': name, 'eks:nodegroup-name': 'default' },
    attributes: { ...attributes, minSize: 1, maxSize: size + 1, desiredCapacity: size },
  })
  const spec = instancesOf(world, group).map(({ id, attributes }, at) => {
    Object.assign(attributes, standing)
    return { name: `ip-192-168-7-${17 + at}.${region}.compute.internal`, id, zone, size: instanceType }
  })
  return { nodegroups: [{ name: 'default', instanceType, size, autoscalingGroup }], spec }
}
