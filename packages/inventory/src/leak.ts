import type { Ec2Tag } from './ec2-tags.ts'
import type { InstanceState } from './instances.ts'
import type { LoadBalancer } from './load-balancers.ts'
import type { NetworkInterface } from './network-interfaces.ts'
import { hourlyPrice } from './prices.ts'
import { readArn, type TaggedResource } from './tagged-resources.ts'
import type { Volume } from './volumes.ts'

/** Something that is left although it should be gone. */
export type Leak = {
  /** The ARN where there is one. */
  readonly id: string
  /** As in an ARN: `ec2:instance`, `elasticloadbalancing:loadbalancer`, `s3`. */
  readonly type: string
  readonly region: string
  /** USD; null where the price list does not tell. */
  readonly hourlyCost: number | null
  /** The cluster whose tags it has. */
  readonly cluster: string
  /** Where AWS told them: what says whose it is. */
  readonly tags?: Readonly<Record<string, string>>
}

/** Kinds that kops makes, and marks with the cluster's labels. Load balancers and volumes come from inside a cluster. */
const madeByKops = new Set([
  'vpc',
  'subnet',
  'instance',
  'internet-gateway',
  'route-table',
  'natgateway',
  'elastic-ip',
])

/** Whether kops itself makes things of a type, so that those of a cluster with marks have them too. Pure. */
export function isMadeByKops({ type }: Pick<Leak, 'type'>): boolean {
  return madeByKops.has(type.replace(/^ec2:/, ''))
}

/** What was read of one cluster's region. */
export type Remains = {
  /** By the tagging API, which goes on listing things that are gone. */
  readonly tagged: readonly TaggedResource[]
  /** What EC2 itself has, with the cluster's tags; it knows of every kind, and forgets at once. */
  readonly ec2: readonly Pick<Ec2Tag, 'id' | 'type'>[]
  readonly instances: readonly InstanceState[]
  readonly balancers: readonly LoadBalancer[]
  /** Those of load balancers have no tags: they are found by their VPC. */
  readonly interfaces: readonly NetworkInterface[]
  readonly volumes: readonly Volume[]
  /** ARNs of what the tagging API does not know: auto scaling groups, roles, instance profiles, rules. */
  readonly unlisted: readonly string[]
}

/** EC2 shows terminated instances for about an hour; those that shut down will be gone in a minute. */
const ended = new Set(['terminated', 'shutting-down'])

type Found = { readonly id: string; readonly type: string }

/** The leaks among the remains of a cluster. Pure. State buckets are judged apart, since they go last. */
export function judgeRemains(cluster: string, region: string, remains: Remains): Leak[] {
  const found = new Map<string, Found & { readonly price: number | null }>()
  const add = (key: string, { id, type }: Found) => {
    if (!found.has(key)) found.set(key, { id, type, price: priceOf(type, key, region, remains) })
  }
  // Of instances only the listing that tells their state counts: one that it does not show has ended since another did.
  const shown = new Set(remains.instances.map(({ id }) => id))
  const ec2 = remains.ec2.filter(({ id, type }) => type !== 'instance' || shown.has(id))
  const living = new Set(ec2.map(({ id }) => id))
  const balancers = new Set(remains.balancers.map(balancerKey))
  for (const { arn, type, id } of remains.tagged) {
    if (type === 's3' || (type.startsWith('ec2:') && !living.has(id))) continue
    if (type === 'elasticloadbalancing:loadbalancer' && !balancers.has(id)) continue
    add(id, { id: arn, type })
  }
  for (const { id, type } of ec2) add(id, { id, type: `ec2:${type}` })
  for (const { id } of remains.instances) add(id, { id, type: 'ec2:instance' })
  for (const one of remains.balancers)
    add(balancerKey(one), { id: one.arn ?? one.name, type: 'elasticloadbalancing:loadbalancer' })
  for (const { id } of remains.interfaces) add(id, { id, type: 'ec2:network-interface' })
  for (const arn of remains.unlisted) add(arn, { id: arn, type: readArn(arn).type })
  const gone = new Set(remains.instances.filter(({ state }) => ended.has(state)).map(({ id }) => id))
  const tags = tagsByKey(remains)
  return [...found]
    .filter(([key]) => !gone.has(key))
    .map(([key, { id, type, price }]) => {
      const known = tags.get(key)
      return { id, type, region, hourlyCost: price, cluster, ...(known !== undefined && { tags: known }) }
    })
}

/** The services' own word of a thing's tags comes before the tagging API's, which lags. */
function tagsByKey({ tagged, instances, balancers, interfaces }: Remains): Map<string, Leak['tags']> {
  const own = [
    ...instances,
    ...interfaces,
    ...balancers.map(one => ({ id: balancerKey(one), tags: one.tags })),
  ]
  return new Map([...tagged, ...own].map(({ id, tags }) => [id, tags]))
}

/** As `readArn` has it: the path below `loadbalancer/`, for a classic one its name. */
function balancerKey({ arn, name }: LoadBalancer): string {
  return arn === undefined ? name : readArn(arn).id
}

function priceOf(type: string, key: string, region: string, remains: Remains): number | null {
  const of = (name: string) => hourlyPrice(name, region)?.usd ?? null
  switch (type) {
    case 'ec2:instance':
      return of(remains.instances.find(({ id }) => id === key)?.type ?? '')
    case 'ec2:volume': {
      const gigabyte = of('gp3-gigabyte')
      const size = remains.volumes.find(({ id }) => id === key)?.gigabytes
      return gigabyte === null || size === undefined ? null : gigabyte * size
    }
    case 'elasticloadbalancing:loadbalancer': {
      const kind = remains.balancers.find(one => balancerKey(one) === key)?.type
      return of(kind === 'classic' ? 'classic-load-balancer' : 'network-load-balancer')
    }
    case 'ec2:natgateway':
      return of('nat-gateway')
    case 'ec2:elastic-ip':
      return of('public-ipv4')
    default:
      return 0
  }
}

/** Whether only the tagging API says that it is there: that goes on for a while after a deletion. */
export function isHearsay({ type }: Leak): boolean {
  return !/^(ec2|autoscaling|iam|events):/.test(type) && type !== 'elasticloadbalancing:loadbalancer'
}

/** `ec2:instance i-1 in us-east-1 ($0.0416 per hour)`. */
export function describeLeak({ id, type, region, hourlyCost }: Leak): string {
  return `${type} ${id} in ${region} (${describePrice(hourlyCost)})`
}

/** A price per hour in words. */
export function describePrice(hourlyCost: number | null): string {
  if (hourlyCost === null) return 'price unknown'
  return hourlyCost === 0 ? 'free of charge' : `$${hourlyCost.toFixed(4)} per hour`
}

/** The price of several things per hour, of those whose price is known. */
export function totalCost(leaks: readonly Pick<Leak, 'hourlyCost'>[]): number {
  return leaks.reduce((sum, leak) => sum + (leak.hourlyCost ?? 0), 0)
}
