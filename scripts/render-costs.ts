import { hourlyPrice, priceDate, priceSource } from '@meridian/inventory'
import { pricedParts } from '../actions/create-cluster/src/cost/estimate-cost.ts'

type Item = {
  readonly what: string
  readonly type: string
  readonly counts: Readonly<Record<string, number>>
}

const hoursOfMonth = 730

const words: Readonly<Record<string, string>> = {
  't3.medium': 'machines (`t3.medium`, a control plane and a node for each cluster)',
  'gp3-gigabyte': 'their volumes (GB of `gp3`)',
  'network-load-balancer': 'network load balancers of the Kubernetes APIs',
  'public-ipv4': 'public IPv4 addresses of machines and of these load balancers',
}

/** What stands when Up has ended with its defaults in these regions, of which the first is the host's. */
function itemsOf(regions: readonly string[]): Item[] {
  const [host = '', ...others] = regions
  const machines = [{ count: 1, size: 't3.medium' }]
  const built = {
    zones: 1,
    controlPlane: machines,
    nodes: machines,
    topology: 'public',
    apiLoadBalancer: true,
  } as const
  const everywhere = (count: number) => Object.fromEntries(regions.map(region => [region, count]))
  const clusters = new Map<string, number>()
  for (const [type, count] of pricedParts({ ...built, region: host }))
    clusters.set(type, (clusters.get(type) ?? 0) + count)
  const parts = [...clusters].filter(([, count]) => count > 0)
  return [
    ...parts.map(([type, count]) => ({ what: words[type] ?? type, type, counts: everywhere(count) })),
    {
      what: "classic load balancers of the app, and of the federation's API",
      type: 'classic-load-balancer',
      counts: { [host]: 2, ...Object.fromEntries(others.map(region => [region, 1])) },
    },
    {
      what: 'their public IPv4 addresses',
      type: 'public-ipv4',
      counts: { [host]: 2, ...Object.fromEntries(others.map(region => [region, 1])) },
    },
    {
      what: "the volume of the federation's etcd (GB of `gp3`)",
      type: 'gp3-gigabyte',
      counts: { [host]: 5 },
    },
  ]
}

/** The table of what a federation costs, from the price table that the actions reckon with. Throws for what has no price. */
export function renderCosts(regions: readonly string[]): string {
  const rows = itemsOf(regions).map(({ what, type, counts }) => {
    const prices = Object.entries(counts).map(([region, count]) => count * priceIn(type, region))
    const count = Object.values(counts).reduce((sum, one) => sum + one, 0)
    return { what, count, usd: prices.reduce((sum, one) => sum + one, 0) }
  })
  const total = rows.reduce((sum, { usd }) => sum + usd, 0)
  const lines = rows.map(
    ({ what, count, usd }) =>
      `| ${what} | ${count} | ${inMoney(usd, 3)} | ${inMoney(usd * hoursOfMonth, 0)} |`,
  )
  return [
    '| What | How many | USD an hour | USD a month |',
    '| --- | --: | --: | --: |',
    ...lines,
    `| **all** | | **${inMoney(total, 2)}** | **${inMoney(total * hoursOfMonth, 0)}** |`,
    '',
    `List prices of ${priceDate} in ${regions.join(', ')} ([source](${priceSource})), rounded; estimates where the price of a region had to be derived.`,
    '',
  ].join('\n')
}

function priceIn(type: string, region: string): number {
  const price = hourlyPrice(type, region)
  if (price === undefined) throw new Error(`the price table has no ${type} in ${region}`)
  return price.usd
}

function inMoney(usd: number, digits: number): string {
  return usd.toFixed(digits)
}
