import {
  type Aws,
  isNotFound,
  itemsOf,
  type QueryService,
  query,
  queryPages,
  resultOf,
  textOf,
  type Xml,
} from '@meridian/aws'

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

const service = (variable: string, version: string): QueryService => ({
  name: 'elasticloadbalancing',
  variable,
  host: region => `elasticloadbalancing.${region}.amazonaws.com`,
  version,
})
const classic = service('ELASTIC_LOAD_BALANCING', '2012-06-01')
const modern = service('ELASTIC_LOAD_BALANCING_V2', '2015-12-01')

async function listClassic(aws: Aws, region: string): Promise<LoadBalancer[]> {
  const found = await listAll(aws, classic, region, 'LoadBalancerDescriptions')
  const names = found.map(each => textOf(each, 'LoadBalancerName'))
  const tags = await tagsByKey(names, keys =>
    describeTags(aws, classic, region, 'LoadBalancerNames', 'LoadBalancerName', keys),
  )
  return found.map((each, at) => ({
    name: names[at] ?? '',
    hostname: textOf(each, 'DNSName'),
    vpcId: textOf(each, 'VPCId'),
    type: 'classic',
    tags: tags.get(names[at] ?? '') ?? {},
  }))
}

async function listModern(aws: Aws, region: string): Promise<LoadBalancer[]> {
  const found = await listAll(aws, modern, region, 'LoadBalancers')
  const arns = found.map(each => textOf(each, 'LoadBalancerArn'))
  const tags = await tagsByKey(arns, keys =>
    describeTags(aws, modern, region, 'ResourceArns', 'ResourceArn', keys),
  )
  return found.map((each, at) => ({
    name: textOf(each, 'LoadBalancerName'),
    arn: arns[at] ?? '',
    hostname: textOf(each, 'DNSName'),
    vpcId: textOf(each, 'VpcId'),
    type: typeOf(textOf(each, 'Type')),
    tags: tags.get(arns[at] ?? '') ?? {},
  }))
}

const typeOf = (type: string) => (type === 'application' || type === 'gateway' ? type : 'network')

async function listAll(aws: Aws, elb: QueryService, region: string, set: string): Promise<Xml[]> {
  const action = 'DescribeLoadBalancers'
  const pages = await queryPages({}, 'Marker', async form => {
    const page = resultOf(await query(aws, elb, region, action, form), action)
    return { page, next: textOf(page, 'NextMarker') }
  })
  return pages.flatMap(page => itemsOf(page[set], 'member'))
}

type Tagged = readonly [key: string, tags: Record<string, string>]

async function describeTags(
  aws: Aws,
  elb: QueryService,
  region: string,
  parameter: string,
  key: string,
  keys: readonly string[],
): Promise<Tagged[]> {
  const form = Object.fromEntries(keys.map((each, at) => [`${parameter}.member.${at + 1}`, each]))
  const page = resultOf(await query(aws, elb, region, 'DescribeTags', form), 'DescribeTags')
  return itemsOf(page.TagDescriptions, 'member').map(described => [
    textOf(described, key),
    Object.fromEntries(
      itemsOf(described.Tags, 'member').map(tag => [textOf(tag, 'Key'), textOf(tag, 'Value')]),
    ),
  ])
}

async function tagsByKey(
  keys: readonly string[],
  ask: (keys: string[]) => Promise<Tagged[]>,
): Promise<Map<string, Record<string, string>>> {
  const tags = new Map<string, Record<string, string>>()
  for (let at = 0; at < keys.length; at += tagsPerCall) {
    for (const [key, own] of await askLiving(keys.slice(at, at + tagsPerCall), ask)) tags.set(key, own)
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
