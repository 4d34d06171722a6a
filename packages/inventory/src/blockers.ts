import type { Aws } from '@meridian/aws'
import { type LoadBalancer, loadBalancers } from './load-balancers.ts'
import { clusterTags } from './look-at-cluster.ts'
import { type NetworkInterface, networkInterfaces } from './network-interfaces.ts'
import { type SecurityGroup, securityGroups } from './security-groups.ts'
import { taggedResources } from './tagged-resources.ts'

/** What is in a cluster's VPC and can keep it from being deleted. */
type Occupants = {
  readonly balancers: readonly LoadBalancer[]
  readonly interfaces: readonly NetworkInterface[]
  readonly groups: readonly SecurityGroup[]
}

/**
 * What keeps a cluster's network from being deleted, in words, with the owner tags of each thing: most often a load
 * balancer that something in the cluster made, and its interfaces. Only reads.
 */
export async function explainBlockers(aws: Aws, fullName: string, region: string): Promise<string[]> {
  const [vpc] = (await taggedResources(aws, region, { KubernetesCluster: fullName })).filter(
    ({ type }) => type === 'ec2:vpc',
  )
  if (vpc === undefined) return []
  const inVpc = { 'vpc-id': [vpc.id] }
  const [balancers, interfaces, groups] = await Promise.all([
    loadBalancers(aws, region, {}),
    networkInterfaces(aws, region, inVpc),
    securityGroups(aws, region, inVpc),
  ])
  return describeOccupants(fullName, {
    balancers: balancers.filter(({ vpcId }) => vpcId === vpc.id),
    interfaces,
    groups,
  })
}

/** One line for each occupant, those that nothing of the cluster's tags marks told as foreign. Pure. */
function describeOccupants(fullName: string, { balancers, interfaces, groups }: Occupants): string[] {
  const whose = (tags: Readonly<Record<string, string>>) => describeOwner(fullName, tags)
  return [
    ...balancers.map(({ name, type, tags }) => `${type} load balancer ${name}${whose(tags)}`),
    ...interfaces.map(
      ({ id, description, status, tags }) =>
        `network interface ${id} (${description || 'no description'}, ${status})${whose(tags)}`,
    ),
    // Every VPC has a default group, which goes with it.
    ...groups
      .filter(({ name }) => name !== 'default')
      .map(({ id, name, tags }) => `security group ${id} (${name})${whose(tags)}`),
  ]
}

const ownerTags = [
  'kubernetes.io/service-name',
  'meridian:environment',
  'meridian:owner',
  'meridian:run',
  'Name',
]

function describeOwner(fullName: string, tags: Readonly<Record<string, string>>): string {
  const own = Object.entries(clusterTags(fullName)).some(([key, value]) => tags[key] === value)
  const said = ownerTags.flatMap(key => (tags[key] === undefined ? [] : [`${key}=${tags[key]}`]))
  if (said.length > 0) return `, ${said.join(' ')}${own ? '' : ', not of this cluster'}`
  return own ? '' : Object.keys(tags).length === 0 ? ', without tags' : ', not of this cluster'
}
