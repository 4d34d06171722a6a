import { regions } from '@meridian/aws'

/** Where a price can be checked. */
export const priceSource = 'https://aws.amazon.com/ec2/pricing/on-demand/'

/**
 * When AWS's price list said so of the instance types below (USD before tax, Linux on demand, us-east-1), as it is
 * kept in karpenter-provider-aws, pkg/providers/pricing/zz_generated.pricing_aws.go. The price level of other regions
 * and the prices of what is no instance were entered by hand: estimates, good for telling cents from dollars.
 */
export const priceDate = '2026-01-19'

export type HourlyPrice = {
  /** USD per hour. */
  readonly usd: number
  /** The region's own price is not in the table: it was reckoned from us-east-1 and the region's price level. */
  readonly reckoned: boolean
}

/** The `large` of a family; its other sizes cost in proportion. */
const familyLarge: Readonly<Record<string, number>> = {
  t2: 0.0928,
  t3: 0.0832,
  t3a: 0.0752,
  t4g: 0.0672,
  m5: 0.096,
  m5a: 0.086,
  m6a: 0.0864,
  m6g: 0.077,
  m6i: 0.096,
  m7a: 0.11592,
  m7g: 0.0816,
  m7i: 0.1008,
  'm7i-flex': 0.09576,
  m8a: 0.12172,
  m8g: 0.08976,
  m8i: 0.10584,
  c5: 0.085,
  c5a: 0.077,
  c6a: 0.0765,
  c6g: 0.068,
  c6i: 0.085,
  c7a: 0.10264,
  c7g: 0.0725,
  c7i: 0.08925,
  c8g: 0.07976,
  c8i: 0.09371,
  r5: 0.126,
  r6g: 0.1008,
  r6i: 0.126,
  r7g: 0.1071,
  r7i: 0.1323,
}
const sizes = ['nano', 'micro', 'small', 'medium', 'large', 'xlarge', '2xlarge', '4xlarge', '8xlarge']
const large = sizes.indexOf('large')

const others: Readonly<Record<string, number>> = {
  'network-load-balancer': 0.0225,
  'nat-gateway': 0.045,
  'classic-load-balancer': 0.025,
  'public-ipv4': 0.005,
  'gp3-gigabyte': 0.08 / 730,
}

function priceInUsEast1(type: string): number | undefined {
  const [family = '', size = ''] = type.split('.')
  if (!Object.hasOwn(familyLarge, family)) return Object.hasOwn(others, type) ? others[type] : undefined
  const step = sizes.indexOf(size)
  return step < 0 ? undefined : (familyLarge[family] ?? 0) * 2 ** (step - large)
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
  const base = priceInUsEast1(type)
  if (base === undefined || !Object.hasOwn(regions, region)) return undefined
  if (region === 'us-east-1' || sameEverywhere.has(type)) return { usd: base, reckoned: false }
  const own = t3Medium[region]
  if (type === 't3.medium' && own !== undefined) return { usd: own, reckoned: false }
  const level = own === undefined ? otherLevel : own / 0.0416
  return { usd: base * level, reckoned: true }
}
