import {
  hourlyPrice,
  type InstanceState,
  type LoadBalancer,
  type NetworkInterface,
  type TaggedResource,
  type Volume,
} from '@meridian/aws'

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
}

/** What was read of one cluster's region, after everything was deleted. */
export type Remains = {
  readonly tagged: readonly TaggedResource[]
  readonly instances: readonly InstanceState[]
  readonly balancers: readonly LoadBalancer[]
  readonly interfaces: readonly NetworkInterface[]
  readonly volumes: readonly Volume[]
}

/** EC2 shows terminated instances for about an hour; those that shut down will be gone in a minute. */
const ended = new Set(['terminated', 'shutting-down'])
const gigabytesOfUnknown = 64

/** The leaks among the remains of a cluster. Pure. State buckets are judged apart, since they go last. */
export function judgeRemains(cluster: string, region: string, remains: Remains): Leak[] {
  const instances = new Map(remains.instances.map(instance => [instance.id, instance]))
  const volumes = new Map(remains.volumes.map(volume => [volume.id, volume]))
  const balancers = new Map(
    remains.balancers.flatMap(one => (one.arn === undefined ? [] : [[one.arn, one] as const])),
  )
  const priceOf = ({ arn, type, id }: TaggedResource) => {
    if (type === 'ec2:instance') return hourlyPrice(instances.get(id)?.type ?? '', region)?.usd ?? null
    if (type === 'ec2:volume') return volumePrice(volumes.get(id)?.gigabytes ?? gigabytesOfUnknown, region)
    if (type === 'elasticloadbalancing:loadbalancer')
      return balancerPrice(balancers.get(arn)?.type ?? 'classic', region)
    return 0
  }
  const tagged = remains.tagged
    .filter(({ type, id }) => type !== 's3' && !(type === 'ec2:instance' && isEnded(instances.get(id))))
    .map(resource => ({
      id: resource.arn,
      type: resource.type,
      region,
      hourlyCost: priceOf(resource),
      cluster,
    }))
  const isKnown = (id: string) => remains.tagged.some(({ arn, id: known }) => arn === id || known === id)
  const others = [
    ...remains.balancers
      .filter(({ arn, name }) => !isKnown(arn ?? name))
      .map(({ arn, name, type }) => ({
        id: arn ?? name,
        type: 'elasticloadbalancing:loadbalancer',
        hourlyCost: balancerPrice(type, region),
      })),
    ...remains.interfaces
      .filter(({ id }) => !isKnown(id))
      .map(({ id }) => ({ id, type: 'ec2:network-interface', hourlyCost: 0 })),
    ...remains.instances
      .filter(instance => !isKnown(instance.id) && !isEnded(instance))
      .map(({ id, type }) => ({
        id,
        type: 'ec2:instance',
        hourlyCost: hourlyPrice(type, region)?.usd ?? null,
      })),
  ]
  return [...tagged, ...others.map(leak => ({ ...leak, region, cluster }))]
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

function isEnded(instance: InstanceState | undefined): boolean {
  return instance === undefined || ended.has(instance.state)
}

function volumePrice(gigabytes: number, region: string): number | null {
  const price = hourlyPrice('gp3-gigabyte', region)
  return price === undefined ? null : price.usd * gigabytes
}

function balancerPrice(type: string, region: string): number | null {
  const name = type === 'classic' ? 'classic-load-balancer' : 'network-load-balancer'
  return hourlyPrice(name, region)?.usd ?? null
}
