import { type HourlyPrice, hourlyPrice } from '@meridian/inventory'

/** What of a cluster costs money. */
export type Machinery = {
  readonly region: string
  readonly zones: number
  /** Of each group of machines. */
  readonly controlPlane: readonly { readonly count: number; readonly size: string }[]
  readonly nodes: readonly { readonly count: number; readonly size: string; readonly spot?: boolean }[]
  readonly topology: 'public' | 'private'
  /** Whether a load balancer stands before the API. */
  readonly apiLoadBalancer: boolean
}

/** USD per hour; `reckoned` if a price was derived from another region's, `atMost` if machines may be cheaper ones. */
export type Cost = HourlyPrice & { readonly atMost?: boolean }

/** kops' sizes of root volumes, and its two etcd volumes on each control plane, in GB. */
const controlPlaneGigabytes = 64 + 2 * 20
const nodeGigabytes = 128

/** Everything of a cluster that has a price, by its name in the price table, and how many of it. */
export function pricedParts(machinery: Machinery): readonly (readonly [type: string, count: number])[] {
  const { controlPlane, nodes, zones } = machinery
  const count = (groups: typeof nodes) => groups.reduce((sum, group) => sum + group.count, 0)
  const machines = count(controlPlane) + count(nodes)
  const isPrivate = machinery.topology === 'private'
  const balancers = machinery.apiLoadBalancer || isPrivate ? 1 : 0
  return [
    ...[...controlPlane, ...nodes].map(group => [group.size, group.count] as const),
    ['gp3-gigabyte', count(controlPlane) * controlPlaneGigabytes + count(nodes) * nodeGigabytes],
    ['network-load-balancer', balancers],
    ['nat-gateway', isPrivate ? zones : 0],
    ['public-ipv4', (isPrivate ? zones : machines) + balancers * zones],
  ]
}

/** The list price of a cluster without traffic; undefined if an instance type is not in the price table. */
export function estimateCost(machinery: Machinery): Cost | undefined {
  const atMost = machinery.nodes.some(({ size, spot }) => spot || size.includes(','))
  let total: Cost = { usd: 0, reckoned: false, ...(atMost && { atMost }) }
  for (const [type, count] of pricedParts(machinery)) {
    if (count === 0) continue
    const price = dearest(type, machinery.region)
    if (price === undefined) return undefined
    total = { ...total, usd: total.usd + price.usd * count, reckoned: total.reckoned || price.reckoned }
  }
  return { ...total, usd: Math.round(total.usd * 10_000) / 10_000 }
}

/** Of several types, which have commas between them, the dearest: any of them may come. */
function dearest(types: string, region: string): HourlyPrice | undefined {
  const prices = types.split(',').map(type => hourlyPrice(type, region))
  return prices.reduce((most, price) =>
    most && price && price.usd > most.usd ? price : most && price && most,
  )
}
