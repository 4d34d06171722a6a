import type { AwsRequest } from '@meridian/lab-aws-protocol'
import type { World } from '@meridian/lab-world'
import type { JsonBody } from '../json/service.ts'
import { putEntry, withoutPath } from './access-entries.ts'
import { isAccessPolicy } from './access-policies.ts'
import type { AccessEntry, AccessPolicy, EksCluster } from './cluster.ts'
import type { EksClusters } from './clusters.ts'
import { describeCluster, describeEntry, describeNodegroup, describePolicy } from './descriptions.ts'
import { badParameter, entryExists, noCluster, noEntriesHere, noEntry, noNodegroup } from './errors.ts'
import { createUpdates } from './updates.ts'

type Asked = { request: AwsRequest; parameters: string[]; body: JsonBody }
export type EksOperation = (asked: Asked) => object

/** EKS's operations by name: each returns its answer's JSON, or throws an AwsError in EKS's words. */
export function eksOperations(world: World, clusters: EksClusters): Record<string, EksOperation> {
  const updates = createUpdates(world, clusters)
  const clusterOf = ({ request, parameters: [name = ''] }: Asked): EksCluster => {
    const found = clusters.find(request, name)
    if (found) return found
    throw noCluster(name)
  }
  return {
    ListClusters: ({ request }) => {
      const { account, region } = request
      const own = clusters.list().filter(each => each.account === account && each.region === region)
      return page(request, 'clusters', own.map(({ name }) => name).sort())
    },
    DescribeCluster: asked => ({ cluster: describeCluster(clusterOf(asked)) }),
    UpdateClusterConfig: asked => ({ update: updates.begin(clusterOf(asked), asked.body) }),
    DescribeUpdate: asked => {
      clusterOf(asked)
      return { update: updates.find(asked.parameters[1] ?? '') }
    },
    ListNodegroups: asked =>
      page(
        asked.request,
        'nodegroups',
        clusterOf(asked).nodegroups.map(({ name }) => name),
      ),
    DescribeNodegroup: asked => {
      const cluster = clusterOf(asked)
      const [, name = ''] = asked.parameters
      const group = cluster.nodegroups.find(each => each.name === name)
      if (!group) throw noNodegroup(name)
      return { nodegroup: describeNodegroup(cluster, group) }
    },
    ...entryOperations(world, clusterOf),
  }
}

function entryOperations(
  world: World,
  clusterOf: (asked: Asked) => EksCluster,
): Record<string, EksOperation> {
  const keeping = (asked: Asked): EksCluster => {
    const cluster = clusterOf(asked)
    if (cluster.authenticationMode === 'CONFIG_MAP') throw noEntriesHere()
    return cluster
  }
  const entryOf = (asked: Asked): { cluster: EksCluster; entry: AccessEntry } => {
    const cluster = keeping(asked)
    const [, principalArn = ''] = asked.parameters
    const entry = cluster.entries.get(withoutPath(principalArn))
    if (!entry) throw noEntry(principalArn)
    return { cluster, entry }
  }
  return {
    ListAccessEntries: asked =>
      page(
        asked.request,
        'accessEntries',
        [...keeping(asked).entries.values()].map(({ principalArn }) => principalArn),
      ),
    DescribeAccessEntry: asked => {
      const { cluster, entry } = entryOf(asked)
      return { accessEntry: describeEntry(cluster, entry) }
    },
    CreateAccessEntry: asked => {
      const cluster = keeping(asked)
      return { accessEntry: describeEntry(cluster, createEntry(cluster, asked.body, world.clock.now())) }
    },
    DeleteAccessEntry: asked => {
      const { cluster, entry } = entryOf(asked)
      cluster.entries.delete(withoutPath(entry.principalArn))
      return {}
    },
    ListAssociatedAccessPolicies: asked => {
      const { cluster, entry } = entryOf(asked)
      const policies = entry.policies.map(describePolicy)
      return {
        clusterName: cluster.name,
        principalArn: entry.principalArn,
        ...page(asked.request, 'associatedAccessPolicies', policies),
      }
    },
    AssociateAccessPolicy: asked => {
      const { cluster, entry } = entryOf(asked)
      const policy = readPolicy(asked.body, world.clock.now())
      entry.policies = [...entry.policies.filter(each => each.policyArn !== policy.policyArn), policy]
      return {
        clusterName: cluster.name,
        principalArn: entry.principalArn,
        associatedAccessPolicy: describePolicy(policy),
      }
    },
  }
}

function createEntry(cluster: EksCluster, body: JsonBody, now: number): AccessEntry {
  const { principalArn, kubernetesGroups, username, tags } = body
  const arn = String(principalArn ?? '')
  if (!/^arn:[\w-]+:iam::\d{12}:(role|user)\/.+$/.test(arn))
    throw badParameter('The specified principalArn is invalid: invalid principal.')
  if (cluster.entries.has(withoutPath(arn))) throw entryExists()
  const given = {
    ...(Array.isArray(kubernetesGroups) && { kubernetesGroups: kubernetesGroups.map(String) }),
    ...(username !== undefined && { username: String(username) }),
    tags: { ...(tags as Record<string, string>) },
  }
  return putEntry(cluster, arn, given, now)
}

function readPolicy(body: JsonBody, associatedAt: number): AccessPolicy {
  const policyArn = String(body.policyArn ?? '')
  if (!isAccessPolicy(policyArn)) throw badParameter('The policyArn parameter format is not valid')
  const { type, namespaces = [] } = (body.accessScope ?? {}) as { type?: string; namespaces?: string[] }
  if (type !== 'cluster' && type !== 'namespace') throw badParameter('The type parameter is not valid')
  return { policyArn, accessScope: { type, namespaces }, associatedAt }
}

const mostPerPage = 100

/** One page of a listing, of at most `maxResults`; where the next one begins is nobody's business but the service's. */
function page({ query }: AwsRequest, member: string, all: readonly unknown[]): object {
  const size = Number(query.get('maxResults') ?? mostPerPage)
  if (!Number.isInteger(size) || size < 1 || size > mostPerPage)
    throw badParameter(
      `1 validation error detected: Value '${query.get('maxResults')}' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and ${mostPerPage}`,
    )
  const token = query.get('nextToken')
  const begin = token === null ? 0 : Number(Buffer.from(token, 'base64').toString())
  if (!Number.isInteger(begin)) throw badParameter('Invalid nextToken.')
  const end = begin + size
  const next = end < all.length ? { nextToken: Buffer.from(String(end)).toString('base64') } : {}
  return { [member]: all.slice(begin, end), ...next }
}
