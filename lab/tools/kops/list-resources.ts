import { child } from '@meridian/lab-aws-protocol'
import { describe, type Ec2Type } from './cloud/ec2-kinds.ts'
import { listClassicFronts, listFronts } from './cloud/elb-kinds.ts'
import { listQueues, listRules } from './cloud/event-kinds.ts'
import { groupsOfCluster, runningMachines } from './cloud/group-kinds.ts'
import { gatewaysOfRoutes, gatewaysOfSubnets } from './cloud/nat-kinds.ts'
import { type Found, list, read, readTags } from './cloud/read-xml.ts'
import { filters } from './cloud/write-tags.ts'
import type { CloudClient } from './cloud-client.ts'
import { queueOf } from './wanted-resources.ts'

/** Everything that a cluster consists of in a region, as kops looks for it before it deletes, in kops' order. */
export async function listResources(cloud: CloudClient, cluster: string): Promise<Found[]> {
  const vpcs = await taggedTwice(cloud, 'vpc', cluster)
  const groups = await groupsOfCluster(cloud, cluster)
  const machines = await inEach(vpcs, vpc => runningMachines(cloud, cluster, vpc.id))
  const keys = (await describe(cloud, 'key-pair', {})).filter(({ name }) => isKeyOf(cluster, name))
  const found = [
    ...groups,
    ...machines,
    ...keys,
    ...(await taggedTwice(cloud, 'security-group', cluster)),
    ...(await tagged(cloud, 'volume', cluster)),
    ...(await tagged(cloud, 'dhcp-options', cluster)),
    ...(await tagged(cloud, 'internet-gateway', cluster)),
  ]
  await cloud.query('ec2', 'DescribeEgressOnlyInternetGateways', byTag(cluster))
  const tables = await taggedTwice(cloud, 'route-table', cluster)
  const subnets = await tagged(cloud, 'subnet', cluster)
  found.push(...tables, ...subnets, ...(await gatewaysOfSubnets(cloud, subnets)))
  found.push(...vpcs, ...(await inEach(vpcs, vpc => freeInterfaces(cloud, cluster, vpc.id))))
  found.push(...(await listClassicFronts(cloud)).filter(({ tags }) => tags.KubernetesCluster === cluster))
  for (const type of ['load-balancer', 'target-group'] as const) {
    found.push(...(await listFronts(cloud, type)).filter(({ tags }) => tags.KubernetesCluster === cluster))
  }
  found.push(...(await listIdentities(cloud, cluster)), ...(await listEvents(cloud, cluster)))
  const owner = filters({ [`tag:kubernetes.io/cluster/${cluster}`]: 'owned' })
  found.push(...(await describe(cloud, 'launch-template', owner)))
  const ways = await gatewaysOfRoutes(cloud, tables)
  return [...found, ...ways.filter(({ id }) => found.every(other => other.id !== id))]
}

const byTag = (cluster: string) => filters({ 'tag:KubernetesCluster': cluster })
const tagged = (cloud: CloudClient, type: Ec2Type, cluster: string) => describe(cloud, type, byTag(cluster))

/** By the tag of old clusters and by that of new ones. */
async function taggedTwice(cloud: CloudClient, type: Ec2Type, cluster: string): Promise<Found[]> {
  const old = await tagged(cloud, type, cluster)
  const shared = await describe(cloud, type, filters({ 'tag-key': `kubernetes.io/cluster/${cluster}` }))
  return [...old, ...shared.filter(({ id }) => old.every(other => other.id !== id))]
}

async function inEach<T>(places: readonly Found[], look: (place: Found) => Promise<T[]>): Promise<T[]> {
  const found: T[] = []
  for (const place of places) found.push(...(await look(place)))
  return found
}

const isKeyOf = (cluster: string, name: string) =>
  name === `kubernetes.${cluster}` || name.startsWith(`kubernetes.${cluster}-`)

const freeInterfaces = (cloud: CloudClient, cluster: string, vpc: string) =>
  describe(
    cloud,
    'network-interface',
    filters({ 'tag:KubernetesCluster': cluster, 'vpc-id': vpc, status: 'available' }),
  )

/** Lists of IAM show no tags, and everybody's: kops asks for what is called like a cluster's. */
async function listIdentities(cloud: CloudClient, cluster: string): Promise<Found[]> {
  const found: Found[] = []
  for (const [type, operation, set, name] of identities) {
    const all = list(await cloud.query('iam', `List${operation}s`, {}), `${set}s`, 'member')
    for (const node of all.map(each => read(each, name)).filter(each => each.endsWith(`.${cluster}`))) {
      const answer = await cloud.query('iam', `Get${operation}`, { [name]: node })
      const tags = readTags(child(answer, set))
      const owner = tags[`kubernetes.io/cluster/${cluster}`]
      if (owner === 'owned') found.push({ type, id: node, name: node, tags, attributes: {} })
    }
  }
  await cloud.query('iam', 'ListOpenIDConnectProviders', {})
  return found
}

const identities = [
  ['iam-instance-profile', 'InstanceProfile', 'InstanceProfile', 'InstanceProfileName'],
  ['iam-role', 'Role', 'Role', 'RoleName'],
] as const

async function listEvents(cloud: CloudClient, cluster: string): Promise<Found[]> {
  const queue = queueOf(cluster)
  const urls = (await listQueues(cloud, queue.replace(/-nth$/, ''))).filter(url => url.endsWith(`/${queue}`))
  const rules = await listRules(cloud, `${cluster}-`)
  return [
    ...urls.map(url => ({ type: 'sqs' as const, id: queue, name: queue, tags: {}, attributes: { url } })),
    ...rules.map(({ Name }) => ({
      type: 'eventbridge-rule' as const,
      id: Name,
      name: Name,
      tags: {},
      attributes: {},
    })),
  ]
}
