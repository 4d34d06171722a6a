import type { Aws } from '@meridian/aws'
import { existingEc2 } from './ec2-existing.ts'
import { ec2Tags } from './ec2-tags.ts'
import { instanceStates } from './instances.ts'
import type { Remains } from './leak.ts'
import { loadBalancers } from './load-balancers.ts'
import { networkInterfaces } from './network-interfaces.ts'
import { taggedResources } from './tagged-resources.ts'
import { autoScalingGroups, eventRules, rolesAndProfiles } from './unlisted.ts'
import { volumes } from './volumes.ts'

/** kops' own tag, and the one of the cloud controller: what a cluster made later may have the second one only. */
export const clusterTags = (fullName: string) => ({
  KubernetesCluster: fullName,
  [`kubernetes.io/cluster/${fullName}`]: 'owned',
})

/** Of the instance groups of each role; IAM lists no tags. */
const roleNames = ['masters', 'nodes', 'bastions', 'apiservers']

/**
 * Everything in a region that carries a cluster's tags, and what has none but is in its VPC, or has its name where
 * tags cannot be asked for. Only reads.
 */
export async function lookAtCluster(aws: Aws, fullName: string, region: string): Promise<Remains> {
  const tags = Object.entries(clusterTags(fullName))
  const each = async <T>(ask: (tag: Record<string, string>) => Promise<T[]>) =>
    (await Promise.all(tags.map(([key, value]) => ask({ [key]: value })))).flat()
  const ec2 = await findInEc2(aws, region, tags)
  const byId = async <T>(
    type: string,
    filter: string,
    ask: (aws: Aws, region: string, filters: Record<string, string[]>) => Promise<T[]>,
  ) => {
    const ids = ec2.filter(found => found.type === type).map(({ id }) => id)
    return ids.length === 0 ? [] : ask(aws, region, { [filter]: ids })
  }
  const [tagged, balancers, machines, disks, interfaces, ...unlisted] = await Promise.all([
    each(tag => taggedResources(aws, region, tag)),
    each(tag => loadBalancers(aws, region, tag)),
    byId('instance', 'instance-id', instanceStates),
    byId('volume', 'volume-id', volumes),
    byId('vpc', 'vpc-id', networkInterfaces),
    autoScalingGroups(aws, region, { key: 'KubernetesCluster', value: fullName }),
    rolesAndProfiles(
      aws,
      roleNames.map(role => `${role}.${fullName}`),
    ),
    eventRules(aws, region, `${fullName}-`),
  ])
  return {
    tagged,
    ec2,
    balancers,
    instances: machines,
    volumes: disks,
    interfaces,
    unlisted: unlisted.flat(),
  }
}

/** What EC2 itself has with one of the tags. Rules of security groups go with their group. */
async function findInEc2(aws: Aws, region: string, tags: readonly (readonly [string, string])[]) {
  const keys = tags.map(([key]) => key)
  const ids = new Map<string, Set<string>>()
  for (const { id, type, key, value } of await ec2Tags(aws, region, keys)) {
    const wanted = tags.some(([name, of]) => key === name && value === of)
    if (wanted && type !== 'security-group-rule') ids.set(type, (ids.get(type) ?? new Set()).add(id))
  }
  const found = await Promise.all(
    [...ids].map(async ([type, of]) =>
      (await existingEc2(aws, region, type, [...of])).map(id => ({ id, type })),
    ),
  )
  return found.flat()
}

/** AWS takes 64 characters for the names of rules and roles; kops shortens what is longer, and adds a hash. */
const longest = { rules: 40, roles: 56 }

/** What of a cluster could be left over without being found, since its name is too long; '' if nothing. Pure. */
export function describeUnseen(fullName: string): string {
  const unseen = [
    ...(fullName.length > longest.rules ? [`EventBridge rules (over ${longest.rules} characters)`] : []),
    ...(fullName.length > longest.roles ? [`IAM roles and profiles (over ${longest.roles})`] : []),
  ]
  return unseen.join(' and ')
}
