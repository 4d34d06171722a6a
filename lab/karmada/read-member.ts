import { freeOn, isReady, parseQuantity, podRequests, type Requests } from '@meridian/lab-clusters/objects'
import { apiVersionOf, type KubeObject } from '@meridian/lab-kube-api'
import { listAt, textAt } from '@meridian/lab-world/json'
import { createMemberCache, type MemberCache } from './member-cache.ts'
import { type MemberClient, refusalOf } from './member-client.ts'

type ApiEnablement = { groupVersion: string; resources: { name: string; kind: string }[] }
export type MemberReport = {
  kubernetesVersion: string
  apiEnablements: ApiEnablement[]
  nodeSummary: { totalNum: number; readyNum: number }
  resourceSummary: Record<'allocatable' | 'allocating' | 'allocated', Record<string, string>>
}

/** Answers whether a member is online and healthy; throws when it cannot be reached. */
export async function probe(client: MemberClient): Promise<boolean> {
  const { status } = await client.request('GET', '/readyz')
  if (status === 404) return (await client.request('GET', '/healthz')).status === 200
  return status === 200
}

/** A member as its status is read: what changes all the time is held, as Karmada does. */
export type ReadMember = { client: MemberClient; nodes: MemberCache; pods: MemberCache }

/** A member with nothing read yet. */
export const readableMember = (client: MemberClient): ReadMember => ({
  client,
  nodes: createMemberCache(client, '/api/v1/nodes'),
  pods: createMemberCache(client, '/api/v1/pods'),
})

/** What the cluster status shows of a member: version, APIs, nodes and what is used of them. */
export async function readMember({ client, ...member }: ReadMember): Promise<MemberReport> {
  const [version, nodes, pods, apiEnablements] = await Promise.all([
    read(client, '/version'),
    member.nodes.read(),
    member.pods.read(),
    readEnablements(client),
  ])
  return {
    kubernetesVersion: textAt(version, 'gitVersion'),
    apiEnablements,
    nodeSummary: { totalNum: nodes.length, readyNum: nodes.filter(isReady).length },
    resourceSummary: summarise(nodes.filter(isReady), pods),
  }
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** As client-go asks: all groups in two answers, not each version in one. */
async function readEnablements(client: MemberClient): Promise<ApiEnablement[]> {
  const roots = await Promise.all(['/api', '/apis'].map(path => read(client, path, aggregated)))
  const found = roots
    .flatMap(root => listAt(root, 'items'))
    .flatMap(group =>
      listAt(group, 'versions').map(each => ({
        groupVersion: apiVersionOf({
          group: textAt(group, 'metadata', 'name'),
          version: textAt(each, 'version'),
        }),
        resources: listAt(each, 'resources').map(resource => ({
          name: textAt(resource, 'resource'),
          kind: textAt(resource, 'responseKind', 'kind'),
        })),
      })),
    )
  return found.sort((a, b) => (a.groupVersion < b.groupVersion ? -1 : 1))
}

function summarise(
  nodes: readonly KubeObject[],
  pods: readonly KubeObject[],
): MemberReport['resourceSummary'] {
  const isBound = (pod: KubeObject) => textAt(pod, 'spec', 'nodeName') !== ''
  const isOver = (pod: KubeObject) => ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'))
  const rooms = nodes.map(node => freeOn(allocatableOf(node), []))
  const storage = nodes.reduce(
    (sum, node) => sum + parseQuantity(allocatableOf(node)['ephemeral-storage']),
    0,
  )
  return {
    allocatable: { ...quantities(rooms), 'ephemeral-storage': `${storage}` },
    allocating: quantities(pods.filter(pod => !isBound(pod)).map(pod => podRequests(pod.spec))),
    allocated: quantities(pods.filter(pod => isBound(pod) && !isOver(pod)).map(pod => podRequests(pod.spec))),
  }
}

/** What the summary of a cluster leaves for more pods: those that wait for a node have taken theirs. */
export function freeOf(summary: unknown): Requests {
  const amount = (of: string, name: string) => parseQuantity(textAt(summary, of, name))
  const left = (name: string) =>
    amount('allocatable', name) - amount('allocated', name) - amount('allocating', name)
  return { cpu: left('cpu'), memory: left('memory'), pods: left('pods') }
}

function quantities(requests: readonly Requests[]): Record<string, string> {
  const sum = (name: keyof Requests) => requests.reduce((total, each) => total + each[name], 0)
  return {
    cpu: `${Math.round(sum('cpu') * 1000)}m`,
    memory: `${Math.round(sum('memory') / 1024)}Ki`,
    pods: `${sum('pods')}`,
  }
}

function allocatableOf(node: KubeObject): Record<string, string> {
  const status = node.status as { allocatable?: Record<string, string> } | undefined
  return status?.allocatable ?? {}
}

async function read(client: MemberClient, path: string, accept?: string): Promise<unknown> {
  const answer = await client.request('GET', path, undefined, accept)
  if (answer.status !== 200) throw new Error(refusalOf(answer))
  return answer.body
}
