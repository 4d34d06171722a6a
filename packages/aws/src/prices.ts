import { regions } from './regions.ts'

/**
 * Where a price can be checked. The tables below were entered by hand from general knowledge of AWS's list prices (USD before
 * tax, Linux on demand) and not read from its price list: estimates, good for telling cents from dollars.
 */
export const priceSource = 'https://aws.amazon.com/ec2/pricing/on-demand/'

export type HourlyPrice = {
  /** USD per hour. */
  readonly usd: number
  /** The region's own price is not in the table: it was reckoned from us-east-1 and the region's price level. */
  readonly reckoned: boolean
}

const usEast1: Readonly<Record<string, number>> = {
  't2.medium': 0.0464,
  't2.large': 0.0928,
  't3.small': 0.0208,
  't3.medium': 0.0416,
  't3.large': 0.0832,
  't3.xlarge': 0.1664,
  't3a.medium': 0.0376,
  't3a.large': 0.0752,
  't4g.medium': 0.0336,
  't4g.large': 0.0672,
  'm5.large': 0.096,
  'm5.xlarge': 0.192,
  'm6i.large': 0.096,
  'm6i.xlarge': 0.192,
  'm7g.large': 0.0816,
  'c5.large': 0.085,
  'c5.xlarge': 0.17,
  'c6i.large': 0.085,
  'network-load-balancer': 0.0225,
  'nat-gateway': 0.045,
  'classic-load-balancer': 0.025,
  'public-ipv4': 0.005,
  'gp3-gigabyte': 0.08 / 730,
}

/** Price of a t3.medium per hour; its ratio to us-east-1 is the region's price level. */
const t3Medium: Readonly<Record<string, number>> = {
  'us-east-1': 0.0416,
  'us-east-2': 0.0416,
  'us-west-1': 0.0496,
  'us-west-2': 0.0416,
  'ca-central-1': 0.0464,
  'sa-east-1': 0.0672,
  'eu-west-1': 0.0456,
  'eu-west-2': 0.0472,
  'eu-west-3': 0.0472,
  'eu-central-1': 0.048,
  'eu-north-1': 0.0432,
  'ap-northeast-1': 0.0544,
  'ap-northeast-2': 0.052,
  'ap-southeast-1': 0.0528,
  'ap-southeast-2': 0.0528,
  'ap-south-1': 0.0448,
}

/** Regions that are not in the table are a good fifth above us-east-1. */
const otherLevel = 1.22
/** AWS charges the same for a public address everywhere. */
const sameEverywhere = new Set(['public-ipv4'])

/**
 * The list price of an instance type (or of `network-load-balancer`, `classic-load-balancer`, `public-ipv4`,
 * `gp3-gigabyte`) in a region; undefined if the type is not in the table.
 */
export function hourlyPrice(type: string, region: string): HourlyPrice | undefined {
  const base = usEast1[type]
  if (base === undefined || !Object.hasOwn(regions, region)) return undefined
  if (region === 'us-east-1' || sameEverywhere.has(type)) return { usd: base, reckoned: false }
  const own = t3Medium[region]
  if (type === 't3.medium' && own !== undefined) return { usd: own, reckoned: false }
  const level = own === undefined ? otherLevel : own / 0.0416
  return { usd: base * level, reckoned: true }
}
