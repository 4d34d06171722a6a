import {
  DescribeLoadBalancersCommand as DescribeClassicCommand,
  DescribeTagsCommand as DescribeClassicTagsCommand,
  ElasticLoadBalancingClient,
} from '@aws-sdk/client-elastic-load-balancing'
import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { type Aws, explainRefusals, isNotFound } from '@meridian/aws'

export type LoadBalancer = {
  readonly name: string
  readonly hostname: string
  readonly vpcId: string
  readonly type: 'classic' | 'network' | 'application' | 'gateway'
  readonly arn?: string
  readonly tags: Readonly<Record<string, string>>
}

/** AWS's own limit of names or ARNs in one DescribeTags. */
const tagsPerCall = 20

/** The load balancers of a region that carry all the given tags. */
export async function loadBalancers(
  aws: Aws,
  region: string,
  tags: Readonly<Record<string, string>>,
): Promise<LoadBalancer[]> {
  const found = await Promise.all([listClassic(aws, region), listModern(aws, region)])
  return found
    .flat()
    .filter(balancer => Object.entries(tags).every(([key, value]) => balancer.tags[key] === value))
}

async function listClassic(aws: Aws, region: string): Promise<LoadBalancer[]> {
  const client = explainRefusals('elasticloadbalancing', new ElasticLoadBalancingClient(aws.settings(region)))
  const found = []
  let Marker: string | undefined
  do {
    const page = await client.send(new DescribeClassicCommand({ Marker }))
    found.push(...(page.LoadBalancerDescriptions ?? []))
    Marker = page.NextMarker || undefined
  } while (Marker !== undefined)
  const tags = await tagsByKey(
    found.map(({ LoadBalancerName }) => LoadBalancerName ?? ''),
    async names => {
      const answer = await client.send(new DescribeClassicTagsCommand({ LoadBalancerNames: names }))
      return (answer.TagDescriptions ?? []).map(
        ({ LoadBalancerName, Tags }) => [LoadBalancerName, Tags] as const,
      )
    },
  )
  return found.map(({ LoadBalancerName: name = '', DNSName: hostname = '', VPCId: vpcId = '' }) => ({
    name,
    hostname,
    vpcId,
    type: 'classic',
    tags: tags.get(name) ?? {},
  }))
}

async function listModern(aws: Aws, region: string): Promise<LoadBalancer[]> {
  const client = explainRefusals(
    'elasticloadbalancing',
    new ElasticLoadBalancingV2Client(aws.settings(region)),
  )
  const found = []
  let Marker: string | undefined
  do {
    const page = await client.send(new DescribeLoadBalancersCommand({ Marker }))
    found.push(...(page.LoadBalancers ?? []))
    Marker = page.NextMarker || undefined
  } while (Marker !== undefined)
  const tags = await tagsByKey(
    found.map(({ LoadBalancerArn }) => LoadBalancerArn ?? ''),
    async arns => {
      const answer = await client.send(new DescribeTagsCommand({ ResourceArns: arns }))
      return (answer.TagDescriptions ?? []).map(({ ResourceArn, Tags }) => [ResourceArn, Tags] as const)
    },
  )
  return found.map(
    ({
      LoadBalancerName: name = '',
      LoadBalancerArn: arn = '',
      DNSName: hostname = '',
      VpcId: vpcId = '',
      Type,
    }) => ({
      name,
      arn,
      hostname,
      vpcId,
      type: Type ?? 'network',
      tags: tags.get(arn) ?? {},
    }),
  )
}

type TagList = readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined

async function tagsByKey(
  keys: readonly string[],
  ask: (keys: string[]) => Promise<(readonly [string | undefined, TagList])[]>,
): Promise<Map<string, Record<string, string>>> {
  const tags = new Map<string, Record<string, string>>()
  for (let at = 0; at < keys.length; at += tagsPerCall) {
    for (const [key, list] of await askLiving(keys.slice(at, at + tagsPerCall), ask)) {
      tags.set(key ?? '', Object.fromEntries((list ?? []).map(({ Key = '', Value = '' }) => [Key, Value])))
    }
  }
  return tags
}

/** One that was deleted since it was listed makes the whole question fail: then each is asked for by itself. */
async function askLiving<T>(keys: string[], ask: (keys: string[]) => Promise<T[]>): Promise<T[]> {
  try {
    return await ask(keys)
  } catch (error) {
    if (!isNotFound(error)) throw error
    if (keys.length === 1) return []
    return (await Promise.all(keys.map(key => askLiving([key], ask)))).flat()
  }
}
