import { worldVantagePoints } from '@meridian/dns'
import type { Universe } from '@meridian/lab-universe'
import { type LoggedRequest, textAttribute } from '@meridian/lab-world'
import type { CityCheck, ReportCluster, ReportEndpoint, ReportRecord } from '../lab-report.ts'
import { observe } from '../observe.ts'

/** A world at one moment, as much of it as a page shows. */
export type WorldView = {
  domain: string
  scale: number
  clusters: ReportCluster[]
  /** Ready pods of apps by cluster. */
  replicas: Record<string, number>
  endpoints: ReportEndpoint[]
  /** All but what every zone has; the first `mostRecords`. */
  records: ReportRecord[]
  moreRecords: number
  /** The first name that leads by latency, and where it leads each city; '' where there is none. */
  name: string
  cities: CityCheck[]
  /** By type, the dearest first. */
  things: { type: string; regions: string[]; count: number; hourlyCost: number }[]
  /** Newest first. */
  requests: { at: number; request: LoggedRequest }[]
}

export const mostRecords = 100
const mostRequests = 40

type Seen = Pick<Universe, 'world' | 'aws' | 'clusters' | 'domain'>

/** Looks at everything in the process itself: that sends no request, and is not in the log of them. */
export function viewWorld(universe: Seen): WorldView {
  const { world, aws, domain } = universe
  const records = listRecords(aws)
  const name = records.find(({ region }) => region !== undefined)?.name ?? ''
  return {
    domain,
    scale: world.clock.scale,
    ...observe(universe),
    records: records.slice(0, mostRecords),
    moreRecords: Math.max(0, records.length - mostRecords),
    name,
    cities: name === '' ? [] : askCities(universe, name),
    things: countThings(world),
    requests: world.requests.recent().slice(-mostRequests).reverse(),
  }
}

function listRecords({ route53 }: Seen['aws']): ReportRecord[] {
  return route53
    .zones()
    .flatMap(({ records }) => records.all())
    .filter(({ type }) => type !== 'NS' && type !== 'SOA')
    .map(({ name, type, ttl, values = [], region, alias }) => ({
      name: name.replace(/\.$/, ''),
      type,
      ...(region !== undefined && { region }),
      ...(ttl !== undefined && { ttl }),
      ...(alias && { alias: true }),
      target: alias ? alias.dnsName.replace(/\.$/, '') : values.join(' '),
    }))
}

/** Nothing judges here: each region that a city is led to is taken to be meant. */
function askCities({ world, aws }: Seen, name: string): CityCheck[] {
  const balancers = world.inventory.list({ type: 'load-balancer' })
  return worldVantagePoints.map(({ city, subnet }) => {
    const target = aws.route53.loadBalancerBehind(name, subnet) ?? ''
    const behind = balancers.find(
      balancer => textAttribute(balancer, 'dnsName')?.toLowerCase() === target.toLowerCase(),
    )
    const region = behind?.region ?? ''
    return { city, region, target, expected: region, ok: region !== '' }
  })
}

function countThings({ inventory }: Seen['world']): WorldView['things'] {
  const things = inventory.list(({ attributes }) => !attributes.standing)
  return [...Map.groupBy(things, ({ type }) => type)]
    .map(([type, some]) => ({
      type,
      regions: [...new Set(some.map(({ region }) => region))],
      count: some.length,
      hourlyCost: some.reduce((sum, thing) => sum + thing.hourlyCost, 0),
    }))
    .toSorted((a, b) => b.hourlyCost - a.hourlyCost)
}
